namespace Iga.Http;

/// <summary>Ends the validation of a request; caught by the function that began it.</summary>
internal sealed class RejectedException(int status, string errorCode, string message) : Exception(message)
{
    public Rejection Rejection { get; } = new(status, errorCode, message);

    public static RejectedException BadRequest(string errorCode, string message) =>
        new(StatusCodes.Status400BadRequest, errorCode, message);
}
