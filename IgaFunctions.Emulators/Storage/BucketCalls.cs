using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary><c>/storage/v1/b</c> and <c>/storage/v1/b/{bucket}</c>, without its objects.</summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class BucketCalls(ObjectStore store, BeginExchange begin, TimeProvider time)
{
    /// <param name="path">What follows <c>/storage/v1/b</c>, unescaped.</param>
    /// <returns>Null when the request is about something else.</returns>
    public Task? TryAnswer(HttpContext context, string[] path) => (context.Request.Method, path) switch
    {
        ("GET", []) => ListAsync(context),
        ("POST", []) => InsertAsync(context),
        ("GET", [var bucket]) => GetAsync(context, "storage.buckets.get", bucket, BucketJson.Write),
        ("PATCH", [var bucket]) => ChangeAsync(context, "storage.buckets.patch", bucket, BucketFields.Merge),
        ("PUT", [var bucket]) => ChangeAsync(context, "storage.buckets.update", bucket, BucketFields.Replace),
        ("DELETE", [var bucket]) => DeleteAsync(context, bucket),
        ("GET", [var bucket, "storageLayout"]) =>
            GetAsync(context, "storage.buckets.getStorageLayout", bucket, (json, resource, _) => BucketJson.WriteLayout(json, resource)),
        ("GET", [var bucket, "iam"]) =>
            GetAsync(context, "storage.buckets.getIamPolicy", bucket, (json, resource, _) => BucketJson.WritePolicy(json, resource)),
        ("GET", [var bucket, "iam", "testPermissions"]) => TestPermissionsAsync(context, bucket),
        ("PUT", [_, "iam"]) => throw new ApiException(501, "notImplemented", "The emulator has no access control: policies are read only."),
        _ => null,
    };

    private async Task ListAsync(HttpContext context)
    {
        var request = context.Request;
        RequireProject(request);
        var exchange = await begin.PlainAsync(context, "storage.buckets.list", "");
        var size = (int)Math.Clamp(Preconditions.Number(request, "maxResults") ?? 1000, 1, 1000);
        var after = Encoding.UTF8.GetString(FromBase64(request.Query["pageToken"].ToString()));
        var buckets = store.ListBuckets()
            .Where(b => b.Name.StartsWith(request.Query["prefix"].ToString(), StringComparison.Ordinal))
            .Where(b => string.CompareOrdinal(b.Name, after) > 0)
            .Take(size + 1)
            .ToList();
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "storage#buckets");
            if (buckets.Count > size)
            {
                buckets.RemoveAt(size);
                json.WriteString("nextPageToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(buckets[^1].Name)));
            }

            json.WriteStartArray("items");
            buckets.ForEach(b => BucketJson.Write(json, b, Host(context)));
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private async Task InsertAsync(HttpContext context)
    {
        RequireProject(context.Request);
        var resource = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var name = resource.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String
            ? given.GetString()!
            : throw new ApiException(400, "required", "Required");
        var bucket = BucketResource.New(name, time.GetUtcNow()) with { Fields = BucketFields.Create(resource) };
        var exchange = await begin.PlainAsync(context, "storage.buckets.insert", name);
        store.CreateBucket(bucket);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => BucketJson.Write(json, bucket, Host(context))));
    }

    private async Task GetAsync(
        HttpContext context, string operation, string bucket, Action<Utf8JsonWriter, BucketResource, string> write)
    {
        var exchange = await begin.PlainAsync(context, operation, bucket);
        var resource = store.GetBucket(bucket, Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => write(json, resource, Host(context))));
    }

    private async Task ChangeAsync(
        HttpContext context, string operation, string bucket, Func<BucketResource, JsonElement, JsonObject> fields)
    {
        var changes = RequestBody.ParseObject(await RequestBody.ReadAsync(context));
        var exchange = await begin.PlainAsync(context, operation, bucket);
        var changed = store.ChangeBucket(
            bucket, Preconditions.Of(context.Request), resource => resource with { Fields = fields(resource, changes) });
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json => BucketJson.Write(json, changed, Host(context))));
    }

    private async Task DeleteAsync(HttpContext context, string bucket)
    {
        var exchange = await begin.PlainAsync(context, "storage.buckets.delete", bucket);
        store.DeleteBucket(bucket, Preconditions.Of(context.Request));
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 204;
    }

    /// <summary>Everyone may do everything, of what there is.</summary>
    private async Task TestPermissionsAsync(HttpContext context, string bucket)
    {
        var permissions = context.Request.Query["permissions"].OfType<string>().ToList();
        if (permissions.Count == 0)
        {
            throw new ApiException(400, "required", "Required parameter: permissions") { Parameter = "permissions" };
        }

        if (permissions.Find(p => !Permissions.Exists(p)) is { } unknown)
        {
            throw new ApiException(400, "invalid", $"Invalid permission: {unknown}") { Parameter = "permissions" };
        }

        var exchange = await begin.PlainAsync(context, "storage.buckets.testIamPermissions", bucket);
        store.RequireBucket(bucket);
        await exchange.AfterWorkAsync();
        await exchange.SendAsync(JsonAnswer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "storage#testIamPermissionsResponse");
            json.WriteStartArray("permissions");
            permissions.ForEach(json.WriteStringValue);
            json.WriteEndArray();
            json.WriteEndObject();
        }));
    }

    private static void RequireProject(HttpRequest request)
    {
        if (request.Query["project"].ToString().Length == 0)
        {
            throw new ApiException(400, "required", "Required parameter: project") { Parameter = "project" };
        }
    }

    private static byte[] FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw new ApiException(400, "invalid", "Invalid pageToken.");
    }

    private static string Host(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
