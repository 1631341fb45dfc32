using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary><c>/storage/v1/b/…</c>: buckets and objects.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class Resources(ObjectStore store, BeginExchange begin)
{
    /// <param name="path">What follows <c>/storage/v1/b</c>, unescaped.</param>
    /// <param name="media">Whether the URL itself asks for the content.</param>
    public Task AnswerAsync(HttpContext context, string[] path, bool media) => (context.Request.Method, path) switch
    {
        ("GET", []) => ListBucketsAsync(context),
        ("POST", []) => InsertBucketAsync(context),
        ("GET", [var bucket]) => GetBucketAsync(context, bucket),
        ("DELETE", [var bucket]) => DeleteBucketAsync(context, bucket),
        ("GET", [var bucket, "o"]) => ListAsync(context, bucket),
        ("GET", [var bucket, "o", .. var name]) when media || context.Request.Query["alt"] == "media"
            => DownloadAsync(context, bucket, Name(name)),
        ("GET", [var bucket, "o", .. var name]) => GetAsync(context, bucket, Name(name)),
        ("PATCH" or "PUT", [var bucket, "o", .. var name]) => PatchAsync(context, bucket, Name(name)),
        ("DELETE", [var bucket, "o", .. var name]) => DeleteAsync(context, bucket, Name(name)),
        _ => throw NothingThere(context),
    };

    public static ApiException NothingThere(HttpContext context) =>
        new(404, message: $"There is no {context.Request.Method} {context.Request.Path} here.");

    private async Task GetAsync(HttpContext context, string bucket, string name)
    {
        var exchange = await BeginAsync(context, "storage.objects.get", bucket, name);
        var item = store.Get(bucket, name, Generation(context), Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task DownloadAsync(HttpContext context, string bucket, string name)
    {
        try
        {
            var exchange = await BeginAsync(context, "storage.objects.get", bucket, name);
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
        var exchange = await BeginAsync(context, "storage.objects.list", bucket);
        var page = Listing.Build(store, bucket, context.Request);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(page);
    }

    private async Task PatchAsync(HttpContext context, string bucket, string name)
    {
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var exchange = await BeginAsync(context, "storage.objects.patch", bucket, name);
        var item = store.Patch(
            bucket, name, Generation(context), Preconditions.Of(context.Request), item => ObjectDraft.Apply(item, resource));
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task DeleteAsync(HttpContext context, string bucket, string name)
    {
        var exchange = await BeginAsync(context, "storage.objects.delete", bucket, name);
        store.Delete(bucket, name, Generation(context), Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 204;
    }

    private async Task ListBucketsAsync(HttpContext context)
    {
        var exchange = await BeginAsync(context, "storage.buckets.list", "");
        var prefix = context.Request.Query["prefix"].ToString();
        var buckets = store.ListBuckets().Where(b => b.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "storage#buckets");
            json.WriteStartArray("items");
            buckets.ForEach(b => ResourceJson.WriteBucket(json, b, Host(context)));
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private async Task InsertBucketAsync(HttpContext context)
    {
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var name = resource.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : throw new ApiException(400, "required", "Required");
        var exchange = await BeginAsync(context, "storage.buckets.insert", name);
        store.CreateBucket(name);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => ResourceJson.WriteBucket(json, name, Host(context))));
    }

    private async Task GetBucketAsync(HttpContext context, string bucket)
    {
        var exchange = await BeginAsync(context, "storage.buckets.get", bucket);
        store.RequireBucket(bucket);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => ResourceJson.WriteBucket(json, bucket, Host(context))));
    }

    private async Task DeleteBucketAsync(HttpContext context, string bucket)
    {
        var exchange = await BeginAsync(context, "storage.buckets.delete", bucket);
        store.DeleteBucket(bucket);
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 204;
    }

    private async Task<StorageExchange> BeginAsync(HttpContext context, string operation, string bucket, string name = "")
    {
        // None of these carries content, and a delete has no answer that could be spoiled.
        var exchange = begin(context, operation, bucket, name, (fault, _) => fault is not Fault.ReturnStatusAfterBytes
            && (fault.Point != FaultPoint.InAnswer || context.Request.Method != "DELETE"));
        await exchange.BeforeWorkAsync();
        exchange.CheckPrecondition();
        return exchange;
    }

    // A client that leaves the slashes of a name as they are is understood too.
    private static string Name(IEnumerable<string> segments) => string.Join('/', segments);

    // Nothing that was deleted is kept, so no generation of it is found.
    private static long? Generation(HttpContext context) => Preconditions.Number(context.Request, "generation") is var generation
        && !QueryParameters.Flag(context.Request, "softDeleted") ? generation
        : generation is null ? throw new ApiException(400, "required", "softDeleted needs a generation.") { Parameter = "generation" }
        : -1;

    private static string Host(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
