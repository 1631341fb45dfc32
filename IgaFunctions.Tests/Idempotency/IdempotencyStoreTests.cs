using Iga.Tests.Fixtures;

namespace Iga.Tests.Idempotency;

public sealed class IdempotencyStoreInNewDatabaseTests(TestCluster cluster) : IdempotencyStoreSuite(cluster, null)
{
    protected override string StoredKey(string key) => key;
}

public sealed class IdempotencyStoreInSharedTableTests(TestCluster cluster)
    : IdempotencyStoreSuite(cluster, SharedTable.WithPrimaryKey("idempotency_key, task_name"))
{
    protected override string StoredKey(string key) => key;
}

public sealed class IdempotencyStoreInSharedTableByKeyAloneTests(TestCluster cluster)
    : IdempotencyStoreSuite(cluster, SharedTable.WithPrimaryKey("idempotency_key"))
{
    protected override string StoredKey(string key) => $"generate_image_vertex_ai_task:{key}";
}
