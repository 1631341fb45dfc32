namespace Iga.LocalHost.CommandLine.Server;

/// <summary>The service can't be reached, or refused what it was asked for.</summary>
/// <param name="message">For the user, one sentence; what the service said in it is <see cref="ShownText"/>.</param>
internal sealed class ServerException(string message, int? status = null) : Exception(message)
{
    /// <summary>The HTTP status; null where there was no answer.</summary>
    public int? Status { get; } = status;
}
