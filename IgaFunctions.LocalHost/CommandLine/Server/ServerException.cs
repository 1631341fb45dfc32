namespace Iga.LocalHost.CommandLine.Server;

/// <summary>The service can't be reached, or refused what it was asked for.</summary>
/// <param name="message">For the user, one sentence; what the service said in it is <see cref="ShownText"/>.</param>
internal sealed class ServerException(string message, int? status = null) : Exception(message)
{
    /// <summary>The HTTP status; null where there was no answer.</summary>
    public int? Status { get; } = status;

    /// <summary>When the service wants to be asked again; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether it was not there, or not able, which may be over in a moment.</summary>
    public bool IsOutage => Status is null or >= 500;
}
