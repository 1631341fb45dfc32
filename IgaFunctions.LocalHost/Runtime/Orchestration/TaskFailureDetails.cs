namespace Iga.LocalHost.Runtime;

/// <summary>An exception as it is recorded.</summary>
/// <param name="ErrorType">The exception's type with its namespace.</param>
/// <param name="StackTrace">Always null here: traces go to the log, not to callers.</param>
public sealed record TaskFailureDetails(
    string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure)
{
    /// <summary>Whether the exception was of this type or of one derived from it.</summary>
    public bool IsCausedBy<T>()
        where T : Exception
    {
        var type = typeof(T).Assembly.GetType(ErrorType)
            ?? AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(ErrorType)).FirstOrDefault(t => t is not null);
        return typeof(T).IsAssignableFrom(type);
    }

    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    internal static TaskFailureDetails FromException(Exception exception)
    {
        var inner = exception switch
        {
            TaskFailedException failed => failed.FailureDetails,
            { InnerException: { } cause } => FromException(cause),
            _ => null,
        };
        return new(exception.GetType().ToString(), exception.Message, StackTrace: null, inner);
    }
}
