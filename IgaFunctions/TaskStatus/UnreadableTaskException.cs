namespace Iga.TaskStatus;

/// <summary>Neither the engine nor the table could tell of a task; the code names the one that the answer depended on.</summary>
/// <param name="errorCode">One of <see cref="Http.ErrorCode"/>.</param>
public sealed class UnreadableTaskException(string errorCode, Exception cause) : Exception(errorCode, cause)
{
    public string ErrorCode { get; } = errorCode;
}
