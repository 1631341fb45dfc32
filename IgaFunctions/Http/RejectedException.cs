namespace Iga.Http;

/// <summary>Why a request is not accepted. Ends its validation, and is caught by the function that began it.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="errorCode">One of <see cref="Http.ErrorCode"/>.</param>
/// <param name="message">Names the field and what was wrong with it.</param>
internal sealed class RejectedException(int status, string errorCode, string message) : Exception(message)
{
    public int Status => status;

    public string ErrorCode => errorCode;

    public static RejectedException BadRequest(string errorCode, string message) =>
        new(StatusCodes.Status400BadRequest, errorCode, message);
}
