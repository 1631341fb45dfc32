namespace Iga.Configuration;

/// <summary>
/// Finds settings that change nothing: those of the system that this service replaces, those of the other host, and misspelt ones. They are
/// told and not refused, since several services may share one file of settings.
/// </summary>
public static class SettingsWithoutEffect
{
    private static readonly (string Name, string Why)[] Replaced =
    [
        ("CELERY_BROKER_URL", TasksAreKept),
        ("CELERY_RESULT_BACKEND", TasksAreKept),
        ("FLASK_DEBUG", "IGA_DEBUG_MODE=true shows more log lines on the local host"),
        ("IGA_GENERATED_IMAGE_DIR", "pictures are stored in the bucket alone (GCS_BUCKET_NAME)"),
    ];

    private const string TasksAreKept = "tasks are kept by Durable Functions, on the local host in PostgreSQL; it may be taken out";

    /// <summary>To be called when all settings that the host knows have been read.</summary>
    /// <returns>A sentence for each kind.</returns>
    public static IEnumerable<string> Find(Settings settings)
    {
        foreach (var (name, why) in Replaced.Where(one => settings.IsSet(one.Name)))
        {
            yield return $"{name} is without effect: {why}";
        }

        string[] unknown = [.. settings.Unasked("IGA_").Where(name => !IsOfSomebodyElse(name))];
        if (unknown.Length > 0)
        {
            yield return $"Without effect, since this host has no such settings: {string.Join(", ", unknown)}. docs/settings.md lists all that it has";
        }
    }

    // Of the command line, which asks other services; of this repository's tests; and what Kubernetes tells every container of a Service by the name of iga.
    private static bool IsOfSomebodyElse(string name) =>
        name is "IGA_SERVER" or "IGA_KEY"
        || name.StartsWith("IGA_TEST_", StringComparison.Ordinal)
        || name.StartsWith("IGA_SERVICE_", StringComparison.Ordinal)
        || name.StartsWith("IGA_PORT_", StringComparison.Ordinal);
}
