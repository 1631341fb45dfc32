namespace Iga.Emulators.Storage;

/// <content>Sessions that the XML API starts. From there on the protocol is the same.</content>
internal sealed partial class ResumableUploads
{
    /// <param name="path">Of the object, as it was sent: the session's own is made of it.</param>
    public async Task StartAsync(HttpContext context, ObjectDraft draft, Preconditions preconditions, string path)
    {
        store.RequireBucket(draft.Bucket);
        var exchange = begin(context, "storage.objects.insert.start", draft.Bucket, draft.Name, FitsUnfinished(content: false));
        await exchange.BeforeWorkAsync();
        var session = await _sessions.StartAsync(draft, preconditions, store.BeginWrite(draft.Bucket), AnnouncedSize(context.Request));
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 201;
        context.Response.Headers.Location = $"{context.Request.Scheme}://{context.Request.Host}{path}?upload_id={session.Id}";
        context.Response.Headers["X-GUploader-UploadID"] = session.Id;
        context.Response.ContentLength = 0;
    }
}
