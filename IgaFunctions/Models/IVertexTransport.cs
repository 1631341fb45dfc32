namespace Iga.Models;

/// <summary>
/// One call of a Vertex AI publisher model: by REST in both hosts, or by Google's own client in a build that asks for it
/// (<c>-p:VertexClient=AIPlatform</c>). Requests and replies are the JSON of the REST API, so that both share the dialects.
/// </summary>
public interface IVertexTransport
{
    /// <summary>Sends one request, without retries of its own.</summary>
    /// <param name="modelId">The publisher model, such as <c>gemini-3.1-flash-image</c>.</param>
    /// <param name="method"><c>predict</c> or <c>generateContent</c>.</param>
    /// <param name="json">The request body, UTF-8 JSON.</param>
    /// <returns>
    /// Whatever the service answered, errors included, with as much of the body as arrived and the transport is willing to hold
    /// (<see cref="VertexReply.BrokenOff"/>); the caller disposes it.
    /// </returns>
    /// <exception cref="HttpRequestException">No answer.</exception>
    /// <exception cref="ReplyTooLargeException">The body is larger than the transport is willing to hold, and nothing of it is kept.</exception>
    Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
