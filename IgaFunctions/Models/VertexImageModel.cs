using System.Runtime.ExceptionServices;
using Iga.Faults;
using Iga.Images;
using Iga.Models.Catalog;
using Iga.Models.Dialects;
using Iga.Tasks;

namespace Iga.Models;

/// <summary>The image models of Vertex AI, over whatever transport the host has.</summary>
internal sealed class VertexImageModel : IImageModel, IDisposable
{
    private readonly IVertexTransport _transport;
    private readonly ModelCatalog _catalog;
    private readonly string _location;
    private readonly CallTimeouts _timeouts;
    private readonly CallLimits _limits;
    private readonly DependencyPipeline _pipeline;

    public VertexImageModel(
        IVertexTransport transport, VertexOptions options, ModelCatalog catalog, IDependencyObserver observer, TimeProvider time)
    {
        (_transport, _catalog, _location, _timeouts) = (transport, catalog, options.Location, options.Timeouts);
        _limits = new(options, time);
        // An attempt that timed out may have been completed, and billed, all the same: the workflow decides about another.
        _pipeline = new(Dependency.Model, CallTimeouts.Usual, retryTimeouts: false, observer, time);
    }

    /// <summary>What keeps this process within the model's quota.</summary>
    public CallLimits Limits => _limits;

    public async Task<GeneratedImage> GenerateAsync(
        ImageRequest request, CancellationToken cancellationToken, string? caller = null,
        Func<CancellationToken, Task<IDisposable>>? makeRoom = null)
    {
        var model = _catalog.Find(request.ModelId) ?? throw VertexFaults.UnknownFamily(request);
        var dialect = model.Dialect;
        var json = dialect.Write(request);
        IDisposable? room = null;
        return await _pipeline.CallAsync(
            CallAsync,
            cancellationToken,
            AdmitAsync,
            part: model.Id,
            attemptTimeout: _timeouts.Of(model.Offer.SizeOf(request.ImageSize) ?? model.Offer.UsualSize));

        // Calls that wait for their turn hold no room: there may be thousands of them.
        async ValueTask<IDisposable> AdmitAsync(CancellationToken token)
        {
            var permit = await _limits.EnterAsync(caller, token);
            try
            {
                room = makeRoom is null ? null : await makeRoom(token);
                return permit;
            }
            catch
            {
                permit.Dispose();
                throw;
            }
        }

        async ValueTask<GeneratedImage> CallAsync(CancellationToken token)
        {
            try
            {
                return Take(await PostAsync(request, dialect.Method, json, token), model, request);
            }
            catch
            {
                room?.Dispose();
                throw;
            }
        }
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

    /// <summary>
    /// Takes the first whole picture out of the reply, whatever stands beside it, and with it the reply's buffer; gives the buffer
    /// back on failure.
    /// </summary>
    private GeneratedImage Take(VertexReply reply, CatalogModel model, ImageRequest request)
    {
        try
        {
            if (reply.Status is < 200 or > 299)
            {
                ThrowIfBrokenOff(reply, request);
                throw VertexFaults.OfStatus(reply.Status, ErrorReply.Read(reply.Body.Span), reply.RetryAfter, request, model.AbsenceIn(_location));
            }

            var content = model.Dialect.Read(reply.Body.Span);
            var sent = SentPicture.None;
            foreach (var place in content.Candidates)
            {
                var picture = reply.Body.Slice(place.Start, place.Length);
                if (WholeImage.Of(picture.Span) is { } whole)
                {
                    return new(picture, whole.Format, reply.Owner, Usage(content));
                }

                sent = ImageFormat.Detect(picture.Span) is not null ? SentPicture.Broken
                    : sent == SentPicture.None ? SentPicture.Other : sent;
            }

            ThrowIfBrokenOff(reply, request);
            throw VertexFaults.OfContent(content.Otherwise, sent, reply.RetryAfter, request, model.AbsenceIn(_location));
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    private static void ThrowIfBrokenOff(VertexReply reply, ImageRequest request)
    {
        if (reply.BrokenOff is ReplyTooLargeException tooLarge)
        {
            throw VertexFaults.TooLarge(request, tooLarge);
        }

        if (reply.BrokenOff is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }

    private static TokenUsage? Usage(ReplyContent content) =>
        content.Usage is var (asked, answered, thought) ? new(asked, answered, thought) : null;
}
