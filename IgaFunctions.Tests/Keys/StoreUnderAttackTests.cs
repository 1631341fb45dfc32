namespace Iga.Tests.Keys;

public sealed class StoreUnderAttackInNewDatabaseTests() : StoreUnderAttackSuite(null, "");

public sealed class StoreUnderAttackInSharedTableTests()
    : StoreUnderAttackSuite(SharedTable.WithPrimaryKey("idempotency_key, task_name"), "");

public sealed class StoreUnderAttackInSharedTableByKeyAloneTests()
    : StoreUnderAttackSuite(SharedTable.WithPrimaryKey("idempotency_key"), "generate_image_vertex_ai_task:");
