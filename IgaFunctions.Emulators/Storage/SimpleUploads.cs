using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Iga.Emulators.Storage;

/// <summary>Uploads in one request: media (the content alone) and multipart (metadata, then content).</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class SimpleUploads(ObjectStore store, BeginExchange begin)
{
    public async Task MediaAsync(HttpContext context, string bucket)
    {
        var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject([]), context.Request.ContentType);
        await WholeAsync(context, draft, context.Request.Body);
    }

    public async Task MultipartAsync(HttpContext context, string bucket)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed : null;
        var boundary = HeaderUtilities.RemoveQuotes(type?.Boundary ?? default).Value;
        if (string.IsNullOrEmpty(boundary))
        {
            throw new ApiException(
                400, "invalid", "A multipart upload needs the Content-Type multipart/related with a boundary.");
        }

        var reader = new MultipartReader(boundary, context.Request.Body);
        try
        {
            var resource = await ReadPartAsync(reader, context.RequestAborted);
            using var json = new MemoryStream();
            await resource.Body.CopyToAsync(json, context.RequestAborted);
            var media = await ReadPartAsync(reader, context.RequestAborted);
            var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject(json.ToArray()), media.ContentType);
            await WholeAsync(context, draft, media.Body);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new ApiException(400, "invalid", $"The multipart body can't be read: {exception.Message}");
        }
    }

    private static async Task<MultipartSection> ReadPartAsync(MultipartReader reader, CancellationToken cancellationToken) =>
        await reader.ReadNextSectionAsync(cancellationToken)
        ?? throw new ApiException(400, "invalid", "A multipart upload has two parts: the metadata and the content.");

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

    private static async Task CopyAsync(
        Stream source, ContentWriter content, Fault.ReturnStatusAfterBytes? cut, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var left = cut?.Bytes ?? long.MaxValue;
        while (left > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), cancellationToken);
            if (read == 0)
            {
                break;
            }

            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }

        if (cut is not null)
        {
            throw new ApiException(cut.Status);
        }
    }
}
