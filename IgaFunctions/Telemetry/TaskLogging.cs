using Iga.Tasks;

namespace Iga.Telemetry;

/// <summary>Log lines about tasks.</summary>
internal static class TaskLogging
{
    /// <summary>Until the scope is disposed, every line carries the task's three ids and its caller's name.</summary>
    public static IDisposable? BeginTaskScope(this ILogger logger, ImageTask task) => logger.BeginScope(new TaskScope(task));
}
