
namespace Iga.Keys;

/// <summary>The shared table of idempotency keys.</summary>
/// <param name="ConnectionString">Npgsql's form; holds a password, never print it.</param>
/// <param name="Processing">IGA_IDEMPOTENCY_STATUS_PROCESSING.</param>
/// <param name="Completed">IGA_IDEMPOTENCY_STATUS_COMPLETED.</param>
/// <param name="Failed">IGA_IDEMPOTENCY_STATUS_FAILED.</param>
/// <param name="LockTimeout">IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS: an older lock belongs to a dead task.</param>
/// <param name="Retention">IGA_TASK_RETENTION_DAYS: records of tasks that ended longer ago are deleted; null keeps all.</param>
public sealed record IdempotencyOptions(
    string ConnectionString, string Processing, string Completed, string Failed, TimeSpan LockTimeout, TimeSpan? Retention = null)
{
    /// <summary>How often a live task renews its lock.</summary>
    public TimeSpan Heartbeat => LockTimeout / 3;

    /// <summary>Leaves the connection string, and with it the password, out of what is printed.</summary>
    public override string ToString() => $"{Processing}/{Completed}/{Failed}, lock timeout {LockTimeout}";
}
