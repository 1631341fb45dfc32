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

    /// <summary>
    /// The model answered without a picture, and neither the prompt nor the request is to blame: the same call may well bring one.
    /// It is not paid for as a picture.
    /// </summary>
    public bool IsChance { get; init; }

    public string Kind => fault.Kind;

    public bool IsTransient => fault.IsTransient;

    public bool IsLocalWait => fault.IsLocalWait;

    public TimeSpan? RetryAfter => fault.RetryAfter;
}
