namespace Iga.Faults;

/// <summary>A call to a dependency that failed in a way that a caller is told about.</summary>
public sealed class FailureException(Fault fault, Exception? innerException = null) : Exception(fault.Message, innerException)
{
    /// <inheritdoc cref="Faults.Fault(string, string, bool, bool, TimeSpan?)"/>
    public FailureException(
        string kind, string message, bool isTransient = false, TimeSpan? retryAfter = null, Exception? innerException = null)
        : this(new Fault(kind, message, isTransient, RetryAfter: retryAfter), innerException)
    {
    }

    public Fault Fault => fault;

    public string Kind => fault.Kind;

    public bool IsTransient => fault.IsTransient;

    public bool IsLocalWait => fault.IsLocalWait;

    public TimeSpan? RetryAfter => fault.RetryAfter;
}
