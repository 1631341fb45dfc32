using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Uploads in one request: media (the content alone) and multipart (metadata, then content).</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class SimpleUploads(ObjectStore store, BeginExchange begin)
{
    public async Task MediaAsync(HttpContext context, string bucket)
    {
        var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject([]), context.Request.ContentType);
        await using var body = RequestBody.Unpacked(context.Request);
        await WholeAsync(context, draft, (write, cancellationToken) => CopyAsync(body, write, cancellationToken));
    }

    public async Task MultipartAsync(HttpContext context, string bucket)
    {
        await using var body = RequestBody.Unpacked(context.Request);
        var parts = new RelatedParts(body, context.Request.ContentType);
        var (metadata, contentType) = await parts.ReadMetadataAsync(context.RequestAborted);
        var draft = ObjectDraft.Of(context.Request, bucket, RequestBody.ParseObject(metadata), contentType);
        await WholeAsync(context, draft, parts.ReadContentAsync);
    }

    private async Task WholeAsync(
        HttpContext context, ObjectDraft draft,
        Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, CancellationToken, Task> read)
    {
        var preconditions = Preconditions.Of(context.Request);
        store.RequireBucket(draft.Bucket);
        var exchange = begin(context, "storage.objects.insert.simple", draft.Bucket, draft.Name);
        await exchange.BeforeWorkAsync();
        await using var content = store.BeginWrite(draft.Bucket);
        var left = exchange.CutContent?.Bytes ?? long.MaxValue;
        await read(
            async (bytes, cancellationToken) =>
            {
                var taken = bytes[..(int)Math.Min(left, bytes.Length)];
                await content.WriteAsync(taken, cancellationToken);
                if ((left -= taken.Length) == 0)
                {
                    throw new ApiException(exchange.CutContent!.Status);
                }
            },
            context.RequestAborted);
        if (exchange.CutContent is { } cut)
        {
            throw new ApiException(cut.Status);
        }

        exchange.CheckPrecondition();
        var item = await store.InsertAsync(draft, content, preconditions);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private static async Task CopyAsync(
        Stream source, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await source.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            await write(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}
