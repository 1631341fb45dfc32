using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary><c>/upload/storage/v1/b/{bucket}/o</c>: media, multipart and resumable.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class Uploads(ObjectStore store, BeginExchange begin) : IAsyncDisposable
{
    private readonly SimpleUploads _simple = new(store, begin);
    private readonly ResumableUploads _resumable = new(store, begin);

    public Task AnswerAsync(HttpContext context, string bucket)
    {
        var query = context.Request.Query;
        return (context.Request.Method, query["uploadType"].ToString(), query["upload_id"].ToString()) switch
        {
            ("PUT" or "POST", _, { Length: > 0 } id) => _resumable.ContinueAsync(context, bucket, id),
            ("DELETE", _, { Length: > 0 } id) => _resumable.CancelAsync(context, id),
            ("POST", "resumable", _) => _resumable.StartAsync(context, bucket),
            ("POST", "media", _) => _simple.MediaAsync(context, bucket),
            ("POST", "multipart", _) => _simple.MultipartAsync(context, bucket),
            _ => throw new ApiException(400, "invalid", "uploadType has to be media, multipart or resumable."),
        };
    }

    /// <inheritdoc cref="ResumableUploads.StartAsync(HttpContext, ObjectDraft, Preconditions, string)"/>
    public Task StartAsync(HttpContext context, ObjectDraft draft, Preconditions preconditions, string path) =>
        _resumable.StartAsync(context, draft, preconditions, path);

    public ValueTask DisposeAsync() => _resumable.DisposeAsync();
}
