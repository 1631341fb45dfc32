using System.Text.Json;
using Iga.Faults;
using Iga.Images;
using Iga.Models.Dialects;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>The image models of Vertex AI, over whatever transport the host has.</summary>
internal sealed class VertexImageModel : IImageModel, IDisposable
{
    private readonly IVertexTransport _transport;
    private readonly CallLimits _limits;
    private readonly DependencyPipeline _pipeline;

    public VertexImageModel(
        IVertexTransport transport, VertexOptions options, IDependencyObserver observer, TimeProvider time)
    {
        _transport = transport;
        _limits = new(options, time);
        // An attempt that timed out may have been completed, and billed, all the same: the workflow decides about another.
        _pipeline = new(Dependency.Model, options.Timeout, retryTimeouts: false, observer, time);
    }

    public async Task<GeneratedImage> GenerateAsync(ImageRequest request, CancellationToken cancellationToken)
    {
        var dialect = ModelFamily.Of(request.ModelId)?.Dialect ?? throw VertexFaults.UnknownFamily(request);
        var json = dialect.Write(request);
        return await _pipeline.CallAsync(
            async token => Take(await PostAsync(request, dialect.Method, json, token), dialect, request),
            cancellationToken,
            _limits.EnterAsync,
            modelId: request.ModelId);
    }

    public void Dispose() => _limits.Dispose();

    private async ValueTask<VertexReply> PostAsync(
        ImageRequest request, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            return await _transport.PostAsync(request.ModelId, method, json, cancellationToken);
        }
        catch (ReplyTooLargeException exception)
        {
            throw VertexFaults.TooLarge(request, exception);
        }
    }

    /// <summary>Takes the picture out of the reply, and with it the reply's buffer; gives the buffer back on failure.</summary>
    private static GeneratedImage Take(VertexReply reply, IDialect dialect, ImageRequest request)
    {
        try
        {
            if (reply.Status is < 200 or > 299)
            {
                throw VertexFaults.OfStatus(reply.Status, ErrorReply.Read(reply.Body.Span), reply.RetryAfter, request);
            }

            var content = dialect.Read(reply.Body.Span);
            if (content is not ReplyContent.Picture text)
            {
                throw VertexFaults.OfContent(content, request);
            }

            var picture = EmbeddedBase64.Decode(reply.Body, text);
            var format = ImageFormat.Detect(picture.Span) ?? throw VertexFaults.NotAPicture(request);
            return new(picture, format, reply.Owner);
        }
        catch (Exception exception)
        {
            reply.Dispose();
            if (exception is JsonException or InvalidOperationException)
            {
                throw VertexFaults.Malformed(request, exception);
            }

            throw;
        }
    }
}
