namespace Iga.Models;

/// <summary>An answer of Vertex AI.</summary>
/// <param name="status">The HTTP status, or its equivalent.</param>
/// <param name="body">The body, UTF-8 JSON; writable, since a picture's base64 is decoded in place.</param>
/// <param name="retryAfter">The Retry-After of the answer.</param>
/// <param name="owner">What gives the body's buffer back.</param>
/// <param name="brokenOff">Why the body is not whole, if it is not; the part that arrived may hold a picture all the same.</param>
public sealed class VertexReply(
    int status, Memory<byte> body, TimeSpan? retryAfter, IDisposable owner, Exception? brokenOff = null) : IDisposable
{
    public int Status { get; } = status;

    public Memory<byte> Body { get; } = body;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>
    /// An <see cref="HttpRequestException"/>, a <see cref="ReplyTooLargeException"/>, or that the caller gave up.
    /// </summary>
    public Exception? BrokenOff { get; } = brokenOff;

    /// <summary>The buffer behind <see cref="Body"/>; whoever keeps a part of the body takes this over.</summary>
    public IDisposable Owner { get; } = owner;

    public void Dispose() => Owner.Dispose();
}
