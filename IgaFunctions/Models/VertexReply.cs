namespace Iga.Models;

/// <summary>An answer of Vertex AI.</summary>
/// <param name="status">The HTTP status, or its equivalent.</param>
/// <param name="body">The body, UTF-8 JSON; writable, since a picture's base64 is decoded in place.</param>
/// <param name="retryAfter">The Retry-After of the answer.</param>
/// <param name="owner">What gives the body's buffer back.</param>
public sealed class VertexReply(int status, Memory<byte> body, TimeSpan? retryAfter, IDisposable owner) : IDisposable
{
    public int Status { get; } = status;

    public Memory<byte> Body { get; } = body;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The buffer behind <see cref="Body"/>; whoever keeps a part of the body takes this over.</summary>
    public IDisposable Owner { get; } = owner;

    public void Dispose() => Owner.Dispose();
}
