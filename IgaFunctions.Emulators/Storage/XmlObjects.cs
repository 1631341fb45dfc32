using Iga.Emulators.Faults;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// <c>/{bucket}/{object}</c>, the part of the XML API that public and signed URLs are made of: an object is read, stored and deleted, and a
/// resumable upload begun.
/// </summary>
/// <param name="begin">Notes the request and takes its fault.</param>
internal sealed class XmlObjects(ObjectStore store, Uploads uploads, BeginExchange begin, TimeProvider time)
{
    private static readonly string[] NotEmulated =
        ["acl", "uploads", "uploadId", "partNumber", "compose", "cors", "lifecycle", "tagging", "versions", "encryption", "restore"];

    public async Task AnswerAsync(HttpContext context, RequestTarget target)
    {
        try
        {
            await RouteAsync(context, target);
        }
        catch (Exception exception) when (!context.Response.HasStarted && exception is ApiException or XmlErrorException)
        {
            context.Response.Clear();
            if (exception is ApiException api)
            {
                LoopbackServer.SetRetryAfter(context.Response, api);
                context.Response.Headers.ContentRange = api.ContentRange;
            }

            await (exception is XmlErrorException xml ? xml.Error : XmlError.Of((ApiException)exception)).SendAsync(context);
        }
    }

    private Task RouteAsync(HttpContext context, RequestTarget target)
    {
        var request = context.Request;
        SignedUrl.Check(request, time.GetUtcNow());
        var bucket = target.Segments[0];
        // Of the name no slash is lost, be it the first or the last.
        var name = target.Path.TrimStart('/').Split('/', 2) is [_, var rest] ? Uri.UnescapeDataString(rest) : "";
        if (name.Length == 0)
        {
            throw new XmlErrorException(XmlError.NotEmulated("XML API for buckets"));
        }

        if (NotEmulated.FirstOrDefault(request.Query.ContainsKey) is { } parameter)
        {
            throw new XmlErrorException(XmlError.NotEmulated($"?{parameter} of the XML API"));
        }

        return request.Method switch
        {
            "GET" => ReadAsync(context, bucket, name),
            "PUT" or "DELETE" when request.Query["upload_id"].ToString().Length > 0 => uploads.AnswerAsync(context, bucket),
            "PUT" => WriteAsync(context, bucket, name),
            "DELETE" => DeleteAsync(context, bucket, name),
            "POST" when request.Headers["x-goog-resumable"] == "start" => uploads.StartAsync(
                context, XmlDraft.Of(request, bucket, name), Preconditions.OfHeaders(request), target.Path),
            "POST" => throw new XmlErrorException(XmlError.NotEmulated("uploads by HTML forms")),
            _ => throw new XmlErrorException(
                new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")),
        };
    }

    private async Task ReadAsync(HttpContext context, string bucket, string name)
    {
        var (request, response) = (context.Request, context.Response);
        var exchange = await begin.PlainAsync(context, "storage.objects.get", bucket, name);
        var (item, content) = store.Open(bucket, name, Preconditions.Number(request, "generation"), Preconditions.OfHeaders(request));
        await exchange.AfterWorkAsync();
        // A browser that has the picture asks whether it is still the same.
        if (request.Headers.IfNoneMatch.ToString() == $"\"{ResourceJson.Etag(item)}\"")
        {
            await content.DisposeAsync();
            response.StatusCode = 304;
            return;
        }

        XmlDraft.WriteMetadata(response, item);
        await Downloads.SendAsync(context, exchange, item with
        {
            ContentType = Asked(request, "response-content-type") ?? item.ContentType,
            ContentDisposition = Asked(request, "response-content-disposition") ?? item.ContentDisposition,
        }, content);
    }

    private async Task WriteAsync(HttpContext context, string bucket, string name)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Headers.ContainsKey("x-goog-copy-source"))
        {
            throw new XmlErrorException(XmlError.NotEmulated("x-goog-copy-source; copy by the JSON API"));
        }

        var draft = XmlDraft.Of(request, bucket, name);
        store.RequireBucket(bucket);
        // The answer has no body that could be spoiled.
        var exchange = begin(context, "storage.objects.insert.simple", bucket, name, (fault, _) =>
            fault.Point != FaultPoint.InAnswer || fault is Fault.WrongCrc32C);
        await exchange.BeforeWorkAsync();
        await using var content = store.BeginWrite(bucket);
        await content.CopyFromAsync(request.Body, exchange.CutContent?.Bytes, context.RequestAborted);
        if (exchange.CutContent is { } cut)
        {
            throw new ApiException(cut.Status);
        }

        XmlDraft.CheckLength(request, content.Length);
        exchange.CheckPrecondition();
        var item = await store.InsertAsync(draft, content, Preconditions.OfHeaders(request));
        await exchange.AfterWorkAsync();
        response.ContentLength = 0;
        Downloads.WriteVersion(response, exchange, item, withHash: true);
    }

    private async Task DeleteAsync(HttpContext context, string bucket, string name)
    {
        var exchange = await begin.PlainAsync(context, "storage.objects.delete", bucket, name);
        store.Delete(bucket, name, Preconditions.Number(context.Request, "generation"), Preconditions.OfHeaders(context.Request));
        await exchange.AfterWorkAsync();
        context.Response.StatusCode = 204;
    }

    private static string? Asked(HttpRequest request, string parameter) =>
        request.Query[parameter].ToString() is { Length: > 0 } value ? value : null;
}
