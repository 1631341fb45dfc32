using System.Text;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>A page of a bucket's objects; with a delimiter, names that go on after it are folded into prefixes.</summary>
internal static class Listing
{
    private const int MaxResults = 1_000;

    /// <exception cref="ApiException">400: a parameter's value; 404: the bucket.</exception>
    public static ReadOnlyMemory<byte> Build(ObjectStore store, string bucket, HttpRequest request)
    {
        var after = Decode(request.Query["pageToken"].ToString());
        var size = Preconditions.Number(request, "maxResults") is { } number and > 0 ? Math.Min(number, MaxResults) : MaxResults;
        var entries = Entries(store, bucket, request)
            .Where(entry => after is null || string.CompareOrdinal(entry.Key, after) > 0)
            .ToList();
        var count = 0;
        for (long found = 0; count < entries.Count; count++)
        {
            found += entries[count].Size;
            if (found > size && count > 0)
            {
                break;
            }
        }

        var page = entries.GetRange(0, count);
        var next = count < entries.Count ? Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Key)) : null;
        return JsonAnswer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "storage#objects");
            if (next is not null)
            {
                json.WriteString("nextPageToken", next);
            }

            if (page.Exists(e => e.IsPrefix))
            {
                json.WriteStartArray("prefixes");
                page.FindAll(e => e.IsPrefix).ForEach(e => json.WriteStringValue(e.Key));
                json.WriteEndArray();
            }

            if (page.Exists(e => e.Item is not null))
            {
                json.WriteStartArray("items");
                foreach (var item in page.Select(e => e.Item).OfType<StoredObject>())
                {
                    ResourceJson.WriteObject(json, item, $"{request.Scheme}://{request.Host}");
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }

    /// <summary>All that the request asks for, in the order of the names, each prefix once.</summary>
    private static IEnumerable<Entry> Entries(ObjectStore store, string bucket, HttpRequest request)
    {
        string Text(string name) => request.Query[name].ToString();

        var (prefix, delimiter, start, end) = (Text("prefix"), Text("delimiter"), Text("startOffset"), Text("endOffset"));
        var fits = Text("matchGlob") is { Length: > 0 } glob ? Glob.Parse(glob) : _ => true;
        var trailing = QueryParameters.Flag(request, "includeTrailingDelimiter");
        var objects = store.List(bucket, prefix);
        if (QueryParameters.Flag(request, "softDeleted"))
        {
            // A deleted object is gone at once here, as in a bucket whose policy keeps none.
            objects = QueryParameters.Flag(request, "versions")
                ? throw new ApiException(400, "invalid", "softDeleted and versions can't both be true.") { Parameter = "softDeleted" }
                : [];
        }

        return objects
            .Where(item => string.CompareOrdinal(item.Name, start) >= 0)
            .Where(item => end.Length == 0 || string.CompareOrdinal(item.Name, end) < 0)
            .Select(item => Fold(item, prefix, delimiter, trailing))
            .Where(entry => fits(entry.Key))
            .DistinctBy(entry => entry.Key);
    }

    private static Entry Fold(StoredObject item, string prefix, string delimiter, bool trailing)
    {
        var at = delimiter.Length > 0 ? item.Name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) : -1;
        var key = at < 0 ? item.Name : item.Name[..(at + delimiter.Length)];
        return new Entry(key, IsPrefix: at >= 0, at < 0 || (trailing && key == item.Name) ? item : null);
    }

    private static string? Decode(string token)
    {
        try
        {
            return token.Length == 0 ? null : Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new ApiException(400, "invalid", "Invalid pageToken.") { Parameter = "pageToken" };
        }
    }

    /// <param name="Item">An object of just this name. A prefix has one only where the request wants both.</param>
    private sealed record Entry(string Key, bool IsPrefix, StoredObject? Item)
    {
        /// <summary>How much of a page it takes.</summary>
        public int Size => IsPrefix && Item is not null ? 2 : 1;
    }
}
