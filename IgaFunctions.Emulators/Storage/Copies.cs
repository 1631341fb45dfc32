using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>Objects that are made of others: rewriteTo, copyTo, moveTo and compose.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class Copies(ObjectStore store, BeginExchange begin)
{
    private const int MaxSources = 32;

    private static readonly string[] Settable =
        ["contentType", "cacheControl", "contentDisposition", "contentEncoding", "contentLanguage", "metadata", "storageClass"];

    /// <param name="path">What follows <c>/storage/v1/b</c>, unescaped.</param>
    /// <returns>Null when the request is about something else.</returns>
    public Task? TryAnswer(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("POST", [var bucket, "o", var name, "rewriteTo", "b", var to, "o", .. { Length: > 0 } target]) =>
            RewriteAsync(context, bucket, name, to, string.Join('/', target)),
        ("POST", [var bucket, "o", var name, "copyTo", "b", var to, "o", .. { Length: > 0 } target]) =>
            CopyAsync(context, bucket, name, to, string.Join('/', target)),
        ("POST", [var bucket, "o", var name, "moveTo", "o", .. { Length: > 0 } target]) =>
            MoveAsync(context, bucket, name, string.Join('/', target)),
        ("POST", [var bucket, "o", .. { Length: > 0 } target, "compose"]) => ComposeAsync(context, bucket, string.Join('/', target)),
        _ => null,
    };

    private async Task RewriteAsync(HttpContext context, string bucket, string name, string to, string target)
    {
        var request = context.Request;
        var (copy, resource) = await ReadCopyAsync(context, bucket, name, target);
        var exchange = await begin.PlainAsync(context, "storage.objects.rewrite", to, target);
        var source = store.GetSource(copy);
        var progress = RewriteProgress.Of(request, source, to, target);
        store.RequireBucket(to);
        if (progress.Next(source, ClassOf(to, resource), exchange.SplitsRewrite) is { } part)
        {
            await exchange.AfterWorkAsync();
            await exchange.SendAsync(JsonAnswer.Build(json => part.Write(json)));
            return;
        }

        var item = await CopyAsync(context, copy, to, target, resource, move: false);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => RewriteProgress.WriteDone(json, item, Host(context), exchange.Report(item.Crc32C))));
    }

    private async Task CopyAsync(HttpContext context, string bucket, string name, string to, string target)
    {
        var (copy, resource) = await ReadCopyAsync(context, bucket, name, target);
        var exchange = await begin.PlainAsync(context, "storage.objects.copy", to, target);
        var item = await CopyAsync(context, copy, to, target, resource, move: false);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task MoveAsync(HttpContext context, string bucket, string name, string target)
    {
        var (copy, _) = await ReadCopyAsync(context, bucket, name, target);
        if (name == target)
        {
            throw new ApiException(400, "invalid", "The source and the destination of a move have to be different objects.");
        }

        var exchange = await begin.PlainAsync(context, "storage.objects.move", bucket, target);
        var item = await CopyAsync(context, copy, bucket, target, RequestBody.ParseObject([]), move: true);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private async Task ComposeAsync(HttpContext context, string bucket, string target)
    {
        ResourceNames.CheckObject(target);
        var body = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var sources = ComposeRequest.Sources(body, bucket);
        if (sources.Count is 0 or > MaxSources)
        {
            throw sources.Count == 0
                ? new ApiException(400, "required", "You must provide at least one source component.")
                : new ApiException(400, "invalid",
                    $"The number of source components provided ({sources.Count}) exceeds the maximum ({MaxSources})");
        }

        var draft = new ObjectDraft(bucket, target, ComposeRequest.Destination(body), ContentType: null, Crc32C: null, Md5Hash: null);
        var exchange = await begin.PlainAsync(context, "storage.objects.compose", bucket, target);
        var item = await store.CombineAsync(
            sources,
            bucket,
            (items, storageClass) => draft.ToObject(storageClass) with { ComponentCount = items.Sum(i => Math.Max(1, i.ComponentCount)) },
            Preconditions.Of(context.Request),
            ComposeRequest.DeletesSources(body),
            context.RequestAborted);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(item);
    }

    private static async Task<(CopySource Source, JsonElement Resource)> ReadCopyAsync(
        HttpContext context, string bucket, string name, string target)
    {
        ResourceNames.CheckObject(target);
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var generation = Preconditions.Number(context.Request, "sourceGeneration");
        return (new CopySource(bucket, name, generation, Preconditions.OfSource(context.Request)), resource);
    }

    /// <summary>
    /// A request that says anything of the new object says all: then nothing of the source's metadata is taken over.
    /// </summary>
    private Task<StoredObject> CopyAsync(
        HttpContext context, CopySource copy, string to, string target, JsonElement resource, bool move) => store.CombineAsync(
        [copy],
        to,
        (items, storageClass) =>
        {
            var inherited = items[0] with { Bucket = to, Name = target, File = null, StorageClass = move ? items[0].StorageClass : storageClass };
            return resource.EnumerateObject().Any(field => Settable.Contains(field.Name))
                ? ObjectDraft.Replace(inherited, resource)
                : inherited;
        },
        Preconditions.Of(context.Request),
        deleteSources: move,
        context.RequestAborted);

    private string ClassOf(string bucket, JsonElement resource) => resource.TryGetProperty("storageClass", out var given)
        && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : store.GetBucket(bucket, Preconditions.None).StorageClass;

    private static string Host(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
