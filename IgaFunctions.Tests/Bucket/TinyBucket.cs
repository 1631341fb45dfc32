using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Images;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Iga.Tests.Bucket;

/// <summary>As much of the JSON API of GCS as the service uses, in memory; a last step for a <see cref="ScriptedServer"/>.</summary>
internal sealed class TinyBucket(string bucket)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (JsonObject Resource, byte[] Content)> _objects = [];
    private readonly Dictionary<string, JsonObject> _sessions = [];
    private long _generation = 1_700_000_000_000_000;

    public IReadOnlyDictionary<string, (JsonObject Resource, byte[] Content)> Objects => _objects;

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var resources = $"/storage/v1/b/{bucket}/o/";
        if (path == $"/upload{resources.TrimEnd('/')}")
        {
            await (context.Request.Query["uploadType"] == "resumable" ? ResumableAsync(context) : MultipartAsync(context));
        }
        else if (path.StartsWith(resources, StringComparison.Ordinal))
        {
            await AnswerAsync(context, Uri.UnescapeDataString(path[resources.Length..]));
        }
        else
        {
            await Wire.Answer(404, """{"error":{"code":404,"message":"The specified bucket does not exist."}}""")(context);
        }
    }

    // One request brings the resource, the next one all of the content.
    private async Task ResumableAsync(HttpContext context)
    {
        if (context.Request.Method == "POST")
        {
            Assert.Equal("0", context.Request.Query["ifGenerationMatch"]);
            var resource = (await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body))!;
            Assert.Equal((string?)resource["contentType"], context.Request.Headers["X-Upload-Content-Type"]);
            var id = Guid.NewGuid().ToString();
            lock (_gate)
            {
                _sessions[id] = resource;
            }

            context.Response.Headers.Location =
                $"http://{context.Request.Host}{context.Request.Path}?uploadType=resumable&upload_id={id}";
            return;
        }

        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content);
        Assert.Equal($"bytes 0-{content.Length - 1}/{content.Length}", context.Request.Headers.ContentRange);
        JsonObject session;
        lock (_gate)
        {
            session = _sessions[context.Request.Query["upload_id"].ToString()];
        }

        await InsertAsync(context, session, content.ToArray());
    }

    private async Task MultipartAsync(HttpContext context)
    {
        Assert.Equal("multipart", context.Request.Query["uploadType"]);
        Assert.Equal("0", context.Request.Query["ifGenerationMatch"]);
        var type = MediaTypeHeaderValue.Parse(context.Request.ContentType);
        Assert.Equal("multipart/related", type.MediaType.ToString());
        var parts = new MultipartReader(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), context.Request.Body);
        var resource = JsonSerializer.Deserialize<JsonObject>((await ReadAsync(parts)).Content)!;
        var (mediaType, content) = await ReadAsync(parts);
        Assert.Equal((string?)resource["contentType"], mediaType);
        await InsertAsync(context, resource, content);
    }

    private async Task InsertAsync(HttpContext context, JsonObject resource, byte[] content)
    {
        var name = (string)resource["name"]!;
        lock (_gate)
        {
            if (_objects.ContainsKey(name))
            {
                context.Response.StatusCode = 412;
                return;
            }

            var crc = Crc32C.Of(content);
            if ((string?)resource["crc32c"] != crc)
            {
                context.Response.StatusCode = 400;
                return;
            }

            resource["generation"] = (++_generation).ToString();
            resource["metageneration"] = "1";
            _objects[name] = (resource, content);
        }

        await Wire.Answer(200, resource.ToJsonString())(context);
    }

    private async Task AnswerAsync(HttpContext context, string name)
    {
        var patch = context.Request.Method == "PATCH"
            ? await JsonSerializer.DeserializeAsync<JsonObject>(context.Request.Body)
            : null;
        (JsonObject Resource, byte[] Content) found;
        lock (_gate)
        {
            if (!_objects.TryGetValue(name, out found))
            {
                context.Response.StatusCode = 404;
                return;
            }

            if (context.Request.Method == "DELETE")
            {
                var isMatch = context.Request.Query["ifGenerationMatch"] == (string?)found.Resource["generation"]
                    && (context.Request.Query["ifMetagenerationMatch"] is not [{ } version]
                        || version == (string?)found.Resource["metageneration"]);
                context.Response.StatusCode = isMatch && _objects.Remove(name) ? 204 : 412;
                return;
            }

            if (patch is not null)
            {
                if (context.Request.Query["ifGenerationMatch"] != (string?)found.Resource["generation"])
                {
                    context.Response.StatusCode = 412;
                    return;
                }

                // Patch semantics: what is not named stays.
                foreach (var (key, value) in patch["metadata"]!.AsObject())
                {
                    found.Resource["metadata"]![key] = value!.DeepClone();
                }

                found.Resource["metageneration"] = (int.Parse((string)found.Resource["metageneration"]!) + 1).ToString();
            }
        }

        if (context.Request.Query["alt"] == "media")
        {
            await context.Response.Body.WriteAsync(found.Content);
            return;
        }

        await Wire.Answer(200, found.Resource.ToJsonString())(context);
    }

    private static async Task<(string? ContentType, byte[] Content)> ReadAsync(MultipartReader parts)
    {
        var part = (await parts.ReadNextSectionAsync())!;
        using var content = new MemoryStream();
        await part.Body.CopyToAsync(content);
        return (part.ContentType?.Split(';')[0], content.ToArray());
    }
}
