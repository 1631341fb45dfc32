using System.Diagnostics;

namespace Iga.Bench.Systems;

/// <summary>How the local host is started as a process, as its users start it; its program comes to lie beside this one.</summary>
internal static class LocalHostProgram
{
    private static readonly string[] OwnVariables =
        ["IGA_", "POSTGRES_", "GCP_", "GCS_", "GOOGLE_", "STORAGE_", "OTEL_", "PG", "CELERY_"];

    public static string DotNet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>The program, and its first argument.</summary>
    public static IReadOnlyList<string> Command { get; } = [DotNet, ServiceBuild.Own.Program];

    /// <summary>Takes away what this machine has set of the variables that the service, or its peer, reads.</summary>
    public static void RemoveOwnVariables(ProcessStartInfo info)
    {
        foreach (var name in info.Environment.Keys
            .Where(name => OwnVariables.Any(own => name.StartsWith(own, StringComparison.Ordinal))).ToArray())
        {
            info.Environment.Remove(name);
        }
    }
}
