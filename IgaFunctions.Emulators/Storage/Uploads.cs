using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Iga.Emulators.Storage;

/// <summary><c>/upload/storage/v1/b/{bucket}/o</c>: media, multipart and resumable.</summary>
/// <param name="begin">Notes the request and takes its fault: operation, bucket, object name, which faults fit.</param>
internal sealed class Uploads(ObjectStore store, BeginExchange begin) : IAsyncDisposable
{
    private readonly UploadSessions _sessions = new();

    public Task AnswerAsync(HttpContext context, string bucket) =>
        (context.Request.Method, context.Request.Query["uploadType"].ToString(), context.Request.Query["upload_id"].ToString()) switch
        {
            ("PUT" or "POST", _, { Length: > 0 } id) => ContinueAsync(context, bucket, id),
            ("DELETE", _, { Length: > 0 } id) => CancelAsync(context, id),
            ("POST", "media", _) => MediaAsync(context, bucket),
            ("POST", "multipart", _) => MultipartAsync(context, bucket),
            ("POST", "resumable", _) => StartAsync(context, bucket),
            _ => throw new ApiException(400, "invalid", "uploadType has to be media, multipart or resumable."),
        };

    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private async Task MediaAsync(HttpContext context, string bucket)
    {
        var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject([]), context.Request.ContentType);
        await WholeAsync(context, draft, context.Request.Body);
    }

    private async Task MultipartAsync(HttpContext context, string bucket)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed : null;
        var boundary = HeaderUtilities.RemoveQuotes(type?.Boundary ?? default).Value;
        if (string.IsNullOrEmpty(boundary))
        {
            throw new ApiException(400, "invalid", "A multipart upload needs the Content-Type multipart/related with a boundary.");
        }

        var reader = new MultipartReader(boundary, context.Request.Body);
        var resource = await ReadPartAsync(reader, context.RequestAborted);
        using var json = new MemoryStream();
        await resource.Body.CopyToAsync(json, context.RequestAborted);
        var media = await ReadPartAsync(reader, context.RequestAborted);
        var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject(json.ToArray()), media.ContentType);
        await WholeAsync(context, draft, media.Body);
    }

    private static async Task<MultipartSection> ReadPartAsync(MultipartReader reader, CancellationToken cancellationToken)
    {
        try
        {
            if (await reader.ReadNextSectionAsync(cancellationToken) is { } part)
            {
                return part;
            }
        }
        catch (InvalidDataException)
        {
            // Not multipart at all; the answer is the same.
        }

        throw new ApiException(400, "invalid", "A multipart upload has two parts: the metadata and the content.");
    }

    private async Task WholeAsync(HttpContext context, ObjectDraft draft, Stream media)
    {
        var preconditions = Preconditions.Of(context.Request);
        store.RequireBucket(draft.Bucket);
        var exchange = begin(context, "storage.objects.insert.simple", draft.Bucket, draft.Name);
        await exchange.BeforeWorkAsync();
        await using var content = store.BeginWrite(draft.Bucket);
        await CopyAsync(media, content, exchange.CutContent, context.RequestAborted);
        exchange.CheckPrecondition();
        var item = await store.InsertAsync(draft, content, preconditions);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task StartAsync(HttpContext context, string bucket)
    {
        var request = context.Request;
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var draft = ObjectDraft.Of(request, bucket, resource, request.Headers["X-Upload-Content-Type"].ToString() switch
        {
            "" => null,
            var type => type,
        });
        var preconditions = Preconditions.Of(request);
        store.RequireBucket(bucket);
        var exchange = begin(context, "storage.objects.insert.start", bucket, draft.Name, FitsUnfinished(content: false));
        await exchange.BeforeWorkAsync();
        var session = await _sessions.StartAsync(draft, preconditions, store.BeginWrite(bucket));
        await exchange.AfterWorkAsync();
        context.Response.Headers.Location = $"{request.Scheme}://{request.Host}/upload/storage/v1/b/{bucket}/o"
            + $"?uploadType=resumable&name={Uri.EscapeDataString(draft.Name)}&upload_id={session.Id}";
        context.Response.Headers["X-GUploader-UploadID"] = session.Id;
        context.Response.ContentLength = 0;
    }

    private async Task ContinueAsync(HttpContext context, string bucket, string id)
    {
        var range = ContentRange.Of(context.Request);
        var session = _sessions.Get(id);
        await session.Gate.WaitAsync(context.RequestAborted);
        try
        {
            var query = range is { From: null };
            var last = range is null or { From: null, Total: { } } || range is { To: { } to, Total: { } total } && to + 1 >= total;
            var exchange = begin(
                context, query ? "storage.objects.insert.status" : "storage.objects.insert.chunk", bucket, session.Draft.Name,
                last && !query ? null : FitsUnfinished(content: !query));
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

    private static async Task<bool> ReceiveAsync(
        HttpContext context, UploadSession session, ContentRange? range, Fault.ReturnStatusAfterBytes? cut)
    {
        if (range is { From: null })
        {
            return range.Total == session.Persisted;
        }

        var whole = await session.ReceiveAsync(context.Request.Body, range, cut?.Bytes, context.RequestAborted);
        return cut is null ? whole : throw new ApiException(cut.Status);
    }

    private async Task CancelAsync(HttpContext context, string id)
    {
        await _sessions.CancelAsync(id);
        context.Response.StatusCode = 499; // GCS: the client closed the request
        context.Response.ContentLength = 0;
    }

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

    private static async Task CopyAsync(
        Stream source, ContentWriter content, Fault.ReturnStatusAfterBytes? cut, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var left = cut?.Bytes ?? long.MaxValue;
        while (left > 0
            && await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken) is var read and > 0)
        {
            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }

        if (cut is not null)
        {
            throw new ApiException(cut.Status);
        }
    }

    // A request that doesn't finish an object has no object to report, and losing its answer is not what a script for
    // "insert" means; it can be scripted by the request's own name.
    private static Func<Fault, bool, bool> FitsUnfinished(bool content) => (fault, exact) => fault.Point switch
    {
        FaultPoint.BeforeWork => true,
        FaultPoint.InsteadOfWork => fault is not Fault.PreconditionFailed && (content || fault is not Fault.ReturnStatusAfterBytes),
        FaultPoint.AfterWork => exact,
        _ => false,
    };
}
