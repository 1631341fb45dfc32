using System.Buffers;
using System.Net.Http.Headers;
using Iga.Models;
using Iga.Models.Catalog;

namespace Iga.GoogleCloud;

/// <summary>Vertex AI over plain REST.</summary>
/// <param name="http">Made by <see cref="GoogleHttp.CreateClient"/>: it proves who is calling.</param>
/// <param name="pool">Where the answers' buffers come from: <see cref="AnswerBuffers"/>.</param>
internal sealed class RestVertexTransport(
    HttpClient http, VertexOptions options, TimeProvider time, ArrayPool<byte> pool) : IVertexTransport, IDisposable
{
    /// <summary>The largest answer that is accepted: a 4K picture as PNG, in base64, with room to spare.</summary>
    internal const int MaxBody = 48 << 20;

    /// <summary>How many answers may be in memory at once, from the first byte read until the picture is disposed.</summary>
    internal const int MaxBodiesAtOnce = 16;

    /// <summary>
    /// How many of those may be larger than <see cref="PooledBody.LargeSize"/>: 4 × 48 MB and 12 × 4 MB are 240 MB, more than which
    /// answers never take. The others wait unread, no longer than their calls may take.
    /// </summary>
    internal const int MaxLargeBodiesAtOnce = 4;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly ReadingSlots _slots = new(MaxBodiesAtOnce, MaxLargeBodiesAtOnce);

    private readonly string _models =
        $"v1/projects/{Uri.EscapeDataString(options.ProjectId)}/locations/{Uri.EscapeDataString(options.Location)}"
        + "/publishers/google/models/";

    public async Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        if (!ModelIdSyntax.IsValid(modelId))
        {
            throw new ArgumentException("not a model id", nameof(modelId));
        }

        // A valid id holds nothing that needs escaping: Vertex wants the @ of a version as it is.
        using var request = new HttpRequestMessage(
            HttpMethod.Post, GoogleHttp.Resource(options.Endpoint, $"{_models}{modelId}:{method}"));
        request.Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = Json } };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var body = await ReadAsync(response.Content, cancellationToken);
        return new(
            (int)response.StatusCode, body.Memory, GoogleHttp.RetryAfter(response.Headers, time), body,
            body.BrokenOff is IOException or InvalidDataException
                ? new HttpRequestException(HttpRequestError.ResponseEnded, "the answer broke off", body.BrokenOff)
                : body.BrokenOff);
    }

    public void Dispose() => _slots.Dispose();

    private async Task<PooledBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var slot = await _slots.TakeAsync(cancellationToken);
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            return await PooledBody.ReadAsync(
                stream, content.Headers.ContentLength, MaxBody, pool, slot, cancellationToken);
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }
}
