namespace Iga.LocalHost.Durable.Engine;

/// <summary>What is recorded of an exception.</summary>
internal static class Failures
{
    /// <summary>
    /// Types and messages, as the real engine records them. No stack trace: it stays in the log, where it belongs to whoever runs
    /// the service, and out of tables that others may read.
    /// </summary>
    public static TaskFailureDetails Of(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        StackTrace: null,
        exception is TaskFailedException failed ? failed.FailureDetails
            : exception.InnerException is { } inner ? Of(inner)
            : null,
        Properties: null);
}
