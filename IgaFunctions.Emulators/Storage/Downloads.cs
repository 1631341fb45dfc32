using System.Globalization;
using System.IO.Compression;
using System.Text;
using Iga.Emulators.Hosting;
using Microsoft.Net.Http.Headers;

namespace Iga.Emulators.Storage;

/// <summary>An object's content: <c>alt=media</c>, whole or one range of it.</summary>
internal static class Downloads
{
    public static async Task SendAsync(HttpContext context, StorageExchange exchange, StoredObject item, Stream content)
    {
        await using var _ = content;
        var response = context.Response;
        var unpacked = Unpacks(context.Request, item);
        var (from, length) = unpacked ? (0, long.MaxValue) : Range(context, item);
        response.ContentType = item.ContentType;
        response.ContentLength = unpacked ? null : length;
        response.Headers.AcceptRanges = unpacked ? default : "bytes";
        response.Headers.LastModified = item.Updated.ToString("R", CultureInfo.InvariantCulture);
        // The hash is of the whole object; a client that checks what it reads would compare a part of the object with it.
        WriteVersion(response, exchange, item, withHash: response.StatusCode == 200);
        response.Headers["x-goog-storage-class"] = item.StorageClass;
        response.Headers["x-goog-stored-content-encoding"] = item.ContentEncoding ?? "identity";
        response.Headers.CacheControl = item.CacheControl;
        response.Headers.ContentDisposition = item.ContentDisposition;
        response.Headers.ContentEncoding = unpacked ? default : item.ContentEncoding;
        response.Headers.ContentLanguage = item.ContentLanguage;
        response.Headers.Warning = unpacked ? "214 UploadServer gunzipped" : default;

        content.Position = from;
        await using var source = unpacked ? new GZipStream(content, CompressionMode.Decompress) : content;
        var buffer = new byte[64 * 1024];
        while (length > 0
            && await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), context.RequestAborted)
                is var read and > 0)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            length -= read;
        }
    }

    /// <summary>The headers that tell which object it is, and which state of it.</summary>
    public static void WriteVersion(HttpResponse response, StorageExchange exchange, StoredObject item, bool withHash)
    {
        response.Headers.ETag = $"\"{ResourceJson.Etag(item)}\"";
        if (withHash)
        {
            response.Headers["x-goog-hash"] = $"crc32c={exchange.Report(item.Crc32C)}"
                + (item.Md5Hash.Length > 0 ? $",md5={item.Md5Hash}" : ""); // none of an object that was composed
        }

        response.Headers["x-goog-generation"] = item.Generation.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-goog-metageneration"] = item.Metageneration.ToString(CultureInfo.InvariantCulture);
        response.Headers["x-goog-stored-content-length"] = item.Size.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Whether an object that was stored packed goes out unpacked, because the caller does not take it packed. The hash stays that of
    /// what is stored, and a range is not heeded then.
    /// </summary>
    private static bool Unpacks(HttpRequest request, StoredObject item) => item.ContentEncoding == "gzip"
        && !request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase)
        && item.CacheControl?.Contains("no-transform", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>An error where content was asked for is not JSON: the message alone, called HTML.</summary>
    public static async Task SendErrorAsync(HttpContext context, ApiException error)
    {
        var text = Encoding.UTF8.GetBytes(ResourceJson.Message(error));
        var response = context.Response;
        response.Clear();
        response.StatusCode = error.Status;
        response.ContentType = "text/html; charset=UTF-8";
        response.ContentLength = text.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentRange = error.ContentRange;
        response.Headers.RetryAfter = error.RetryAfter?.ToString(CultureInfo.InvariantCulture);
        await response.Body.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>What the Range header asks for. Several ranges, and what is no range of bytes, are read as a wish for all of it.</summary>
    /// <exception cref="ApiException">416: no byte of the object is in the range.</exception>
    private static (long From, long Length) Range(HttpContext context, StoredObject item)
    {
        if (!RangeHeaderValue.TryParse(context.Request.Headers.Range.ToString(), out var header)
            || header.Ranges.Count != 1 || !header.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
        {
            return (0, item.Size);
        }

        var range = header.Ranges.First();
        var from = range.From ?? Math.Max(0, item.Size - range.To!.Value);
        var to = range.From is null ? item.Size - 1 : Math.Min(range.To ?? item.Size - 1, item.Size - 1);
        if (from > to)
        {
            throw new ApiException(416, message: "The requested range cannot be satisfied.")
            {
                ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{item.Size}"),
            };
        }

        context.Response.StatusCode = 206;
        context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{to}/{item.Size}");
        return (from, to - from + 1);
    }
}
