namespace Iga.Tests.Keys;

public sealed class IdempotencyStoreInNewDatabaseTests() : IdempotencyStoreSuite(null)
{
    protected override string StoredKey(string key) => key;
}

public sealed class IdempotencyStoreInSharedTableTests()
    : IdempotencyStoreSuite(SharedTable.WithPrimaryKey("idempotency_key, task_name"))
{
    protected override string StoredKey(string key) => key;
}

public sealed class IdempotencyStoreInSharedTableByKeyAloneTests()
    : IdempotencyStoreSuite(SharedTable.WithPrimaryKey("idempotency_key"))
{
    protected override string StoredKey(string key) => $"generate_image_vertex_ai_task:{key}";
}
