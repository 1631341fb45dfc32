using System.Globalization;
using System.Text.Json;

namespace Iga.Emulators.Storage;

/// <summary>What the headers of a request to the XML API say about the object that it brings.</summary>
internal static class XmlDraft
{
    private const string MetadataPrefix = "x-goog-meta-";

    public static ObjectDraft Of(HttpRequest request, string bucket, string name)
    {
        ResourceNames.CheckObject(name);
        var fields = new Dictionary<string, object>
        {
            ["metadata"] = request.Headers
                .Where(h => h.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                .ToDictionary(h => h.Key[MetadataPrefix.Length..].ToLowerInvariant(), h => h.Value.ToString()),
        };
        foreach (var (field, header) in new[]
        {
            ("cacheControl", "Cache-Control"), ("contentDisposition", "Content-Disposition"), ("contentEncoding", "Content-Encoding"),
            ("contentLanguage", "Content-Language"), ("storageClass", "x-goog-storage-class"),
        })
        {
            if (request.Headers[header].ToString() is { Length: > 0 } value)
            {
                fields[field] = value;
            }
        }

        return new ObjectDraft(
            bucket, name, JsonSerializer.SerializeToElement(fields), request.ContentType, Crc32C: null,
            request.Headers.ContentMD5.ToString() is { Length: > 0 } md5 ? md5 : null).WithHashHeader(request);
    }

    /// <summary>Bounds that a signer can set, <c>x-goog-content-length-range: 0,1000</c>.</summary>
    /// <exception cref="XmlErrorException">400: the content is outside of them, or they can't be read.</exception>
    public static void CheckLength(HttpRequest request, long length)
    {
        if (request.Headers["x-goog-content-length-range"].ToString() is not { Length: > 0 } range)
        {
            return;
        }

        if (range.Split(',') is not [var low, var high]
            || !long.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out var least)
            || !long.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
        {
            throw new XmlErrorException(new(400, "InvalidArgument", "Invalid argument.", range, "x-goog-content-length-range"));
        }

        if (length < least || length > most)
        {
            throw new XmlErrorException(length > most
                ? new(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
                : new(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum object size specified."));
        }
    }

    /// <summary>The object's own entries as headers; those that no header can hold are left out.</summary>
    public static void WriteMetadata(HttpResponse response, StoredObject item)
    {
        response.Headers["x-goog-storage-class"] = item.StorageClass;
        if (item.ComponentCount > 0)
        {
            response.Headers["x-goog-component-count"] = item.ComponentCount.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var (name, value) in item.Metadata)
        {
            if (name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && value.All(c => c is >= ' ' and <= '~'))
            {
                response.Headers[MetadataPrefix + name] = value;
            }
        }
    }
}
