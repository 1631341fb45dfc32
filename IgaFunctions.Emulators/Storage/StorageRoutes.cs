using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Which part of the emulator answers a request.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class StorageRoutes(ObjectStore store, BeginExchange begin, TimeProvider time) : IAsyncDisposable
{
    private readonly Uploads _uploads = new(store, begin);
    private readonly Copies _copies = new(store, begin);
    private readonly BucketCalls _buckets = new(store, begin, time);
    private readonly Resources _resources = new(store, begin);

    public Task AnswerAsync(HttpContext context, RequestTarget target)
    {
        var upload = target.After("upload", "storage", "v1", "b") ?? target.After("resumable", "upload", "storage", "v1", "b");
        if (upload is [var bucket, "o"])
        {
            return _uploads.AnswerAsync(context, bucket);
        }

        var download = target.After("download", "storage", "v1", "b");
        // Google's clients leave "storage/v1" out when STORAGE_EMULATOR_HOST has no path.
        if ((download ?? target.After("storage", "v1", "b") ?? target.After("b")) is { } path)
        {
            return _copies.TryAnswer(context, path)
                ?? _buckets.TryAnswer(context, path)
                ?? _resources.AnswerAsync(context, path, media: download is not null);
        }

        return target.Segments switch
        {
            ["batch", ..] => throw new ApiException(501, "notImplemented", "The emulator takes no batch requests: send each request by itself."),
            ["storage" or "download", "v1" or "storage", ..] or ["upload" or "resumable", ..] => throw Resources.NothingThere(context),
            _ => new XmlObjects(store, _uploads, begin, time).AnswerAsync(context, target),
        };
    }

    public ValueTask DisposeAsync() => _uploads.DisposeAsync();
}
