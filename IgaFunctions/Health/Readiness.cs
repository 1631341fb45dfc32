namespace Iga.Health;

/// <summary>Whether the service can accept a task and do it.</summary>
/// <param name="ErrorCode">Null when it can.</param>
/// <param name="Message">Why it can't, for callers: no host names and no paths.</param>
/// <param name="Cause">What was met, for the log.</param>
/// <param name="IsAboutMigrations">PostgreSQL answers; what it lacks is made by the migrations.</param>
public sealed record Readiness(
    string? ErrorCode = null, string? Message = null, string? Cause = null, bool IsAboutMigrations = false)
{
    public static readonly Readiness Ready = new();

    public bool IsReady => ErrorCode is null;
}
