using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary><c>/storage/v1/b/{bucket}/o/…</c>: one object, or a list of them.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class Resources(ObjectStore store, BeginExchange begin)
{
    /// <param name="path">What follows <c>/storage/v1/b</c>, unescaped.</param>
    /// <param name="media">Whether the URL itself asks for the content.</param>
    public Task AnswerAsync(HttpContext context, string[] path, bool media) => (context.Request.Method, path) switch
    {
        ("GET", [var bucket, "o"]) => ListAsync(context, bucket),
        ("GET", [var bucket, "o", .. var name]) when media || context.Request.Query["alt"] == "media"
            => DownloadAsync(context, bucket, Name(name)),
        ("GET", [var bucket, "o", .. var name]) => GetAsync(context, bucket, Name(name)),
        ("PATCH", [var bucket, "o", .. var name]) =>
            ChangeAsync(context, "storage.objects.patch", bucket, Name(name), ObjectDraft.Apply),
        ("PUT", [var bucket, "o", .. var name]) =>
            ChangeAsync(context, "storage.objects.update", bucket, Name(name), ObjectDraft.Replace),
        ("DELETE", [var bucket, "o", .. var name]) => DeleteAsync(context, bucket, Name(name)),
        _ => throw NothingThere(context),
    };

    public static ApiException NothingThere(HttpContext context) =>
        new(404, message: $"There is no {context.Request.Method} {context.Request.Path} here.");

    private async Task GetAsync(HttpContext context, string bucket, string name)
    {
        var exchange = await begin.PlainAsync(context, "storage.objects.get", bucket, name);
        var item = store.Get(bucket, name, Generation(context), Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task DownloadAsync(HttpContext context, string bucket, string name)
    {
        try
        {
            var exchange = await begin.PlainAsync(context, "storage.objects.get", bucket, name);
            var (item, content) = store.Open(bucket, name, Generation(context), Preconditions.Of(context.Request));
            await exchange.AfterWorkAsync();
            await Downloads.SendAsync(context, exchange, item, content);
        }
        catch (ApiException error) when (error is not ({ Status: 304 } or { RetryAfterDate: not null }) && !context.Response.HasStarted)
        {
            await Downloads.SendErrorAsync(context, error);
        }
    }

    private async Task ListAsync(HttpContext context, string bucket)
    {
        var exchange = await begin.PlainAsync(context, "storage.objects.list", bucket);
        var page = Listing.Build(store, bucket, context.Request);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(page);
    }

    private async Task ChangeAsync(
        HttpContext context, string operation, string bucket, string name, Func<StoredObject, JsonElement, StoredObject> change)
    {
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var exchange = await begin.PlainAsync(context, operation, bucket, name);
        var item = store.Patch(
            bucket, name, Generation(context), Preconditions.Of(context.Request), item => change(item, resource));
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task DeleteAsync(HttpContext context, string bucket, string name)
    {
        var exchange = await begin.PlainAsync(context, "storage.objects.delete", bucket, name);
        store.Delete(bucket, name, Generation(context), Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 204;
    }

    // A client that leaves the slashes of a name as they are is understood too.
    private static string Name(IEnumerable<string> segments) => string.Join('/', segments);

    // Nothing that was deleted is kept, so no generation of it is found.
    private static long? Generation(HttpContext context) => Preconditions.Number(context.Request, "generation") is var generation
        && !QueryParameters.Flag(context.Request, "softDeleted") ? generation
        : generation is null ? throw new ApiException(400, "required", "softDeleted needs a generation.") { Parameter = "generation" }
        : -1;
}
