using System.Globalization;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Uploads in many requests: one starts a session, the others bring chunks or ask how far it got.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed partial class ResumableUploads(ObjectStore store, BeginExchange begin) : IAsyncDisposable
{
    private readonly UploadSessions _sessions = new();

    public async Task StartAsync(HttpContext context, string bucket)
    {
        var request = context.Request;
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var draft = ObjectDraft.Of(request, bucket, resource, request.Headers["X-Upload-Content-Type"].ToString() switch
        {
            "" => null,
            var type => type,
        });
        var preconditions = Preconditions.Of(request);
        var size = AnnouncedSize(request);
        store.RequireBucket(bucket);
        var exchange = begin(context, "storage.objects.insert.start", bucket, draft.Name, FitsUnfinished(content: false));
        await exchange.BeforeWorkAsync();
        var session = await _sessions.StartAsync(draft, preconditions, store.BeginWrite(bucket), size);
        await exchange.AfterWorkAsync();
        context.Response.Headers.Location = $"{request.Scheme}://{request.Host}/upload/storage/v1/b/{bucket}/o"
            + $"?uploadType=resumable&name={Uri.EscapeDataString(draft.Name)}&upload_id={session.Id}";
        context.Response.Headers["X-GUploader-UploadID"] = session.Id;
        context.Response.ContentLength = 0;
    }

    public async Task ContinueAsync(HttpContext context, string bucket, string id)
    {
        var range = ContentRange.Of(context.Request);
        var session = _sessions.Get(id);
        await session.Gate.WaitAsync(context.RequestAborted);
        try
        {
            var query = range is { AsksForStatus: true };
            var last = range is null or { IsLast: true };
            var exchange = begin(
                context,
                query ? "storage.objects.insert.status" : "storage.objects.insert.chunk",
                bucket,
                session.Draft.Name,
                last ? null : FitsUnfinished(content: !query));
            await exchange.BeforeWorkAsync();
            if (session.Failure is { } failure)
            {
                throw failure;
            }

            if (session.Done is null && !await ReceiveAsync(context, session, range, exchange.CutContent))
            {
                await exchange.AfterWorkAsync();
                SendIncomplete(context, session.Persisted);
                return;
            }

            if (session.Done is null)
            {
                exchange.CheckPrecondition();
            }

            var item = session.Done ?? await session.FinishAsync(store, context.Request);
            await exchange.AfterWorkAsync();
            await exchange.SendAsync(item);
        }
        finally
        {
            session.Gate.Release();
        }
    }

    public async Task CancelAsync(HttpContext context, string id)
    {
        await _sessions.CancelAsync(id);
        context.Response.StatusCode = 499; // GCS: the client closed the request
        context.Response.ContentLength = 0;
    }

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private static async Task<bool> ReceiveAsync(
        HttpContext context, UploadSession session, ContentRange? range, Fault.ReturnStatusAfterBytes? cut)
    {
        if (range is { AsksForStatus: true })
        {
            session.NoteSize(range.Total);
            return range.Total == session.Persisted;
        }

        var whole = await session.ReceiveAsync(context.Request.Body, range, cut?.Bytes, context.RequestAborted);
        return cut is null ? whole : throw new ApiException(cut.Status);
    }

    private static long? AnnouncedSize(HttpRequest request) => request.Headers["X-Upload-Content-Length"].ToString() switch
    {
        "" => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) => size,
        var text => throw new ApiException(400, "invalid", $"Invalid value for X-Upload-Content-Length: \"{text}\"."),
    };

    private static void SendIncomplete(HttpContext context, long persisted)
    {
        var no308 = context.Request.Headers["X-GUploader-No-308"] == "yes";
        context.Response.StatusCode = no308 ? 200 : 308;
        if (no308)
        {
            context.Response.Headers["X-HTTP-Status-Code-Override"] = "308";
        }

        // Without a Range, nothing has been kept yet.
        if (persisted > 0)
        {
            context.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{persisted - 1}");
        }

        context.Response.ContentLength = 0;
    }

    // A request that doesn't finish an object has no object to report, and losing its answer is not what a script for
    // "insert" means; it can be scripted by the request's own name.
    private static Func<Fault, bool, bool> FitsUnfinished(bool content) => (fault, exact) => fault.Point switch
    {
        FaultPoint.BeforeWork => true,
        FaultPoint.InsteadOfWork => fault is not (Fault.PreconditionFailed or Fault.ReturnStatusAfterBytes)
            || (content && fault is Fault.ReturnStatusAfterBytes),
        FaultPoint.AfterWork => exact,
        _ => false,
    };
}
