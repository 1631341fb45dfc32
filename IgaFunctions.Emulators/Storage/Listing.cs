using System.Text;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>A page of a bucket's objects; with a delimiter, names that go on after it are folded into prefixes.</summary>
internal static class Listing
{
    private const int MaxResults = 1_000;

    public static ReadOnlyMemory<byte> Build(ObjectStore store, string bucket, HttpRequest request)
    {
        var (prefix, delimiter) = (request.Query["prefix"].ToString(), request.Query["delimiter"].ToString());
        var size = (int)Math.Clamp(Preconditions.Number(request, "maxResults") ?? MaxResults, 1, MaxResults);
        var after = Decode(request.Query["pageToken"].ToString());
        var page = store.List(bucket, prefix)
            .Select(item => (Key: Fold(item.Name, prefix, delimiter), Item: item))
            .DistinctBy(entry => entry.Key)
            .Where(entry => after is null || string.CompareOrdinal(entry.Key, after) > 0)
            .Take(size + 1)
            .ToList();
        var host = $"{request.Scheme}://{request.Host}";
        return JsonAnswer.Build(json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "storage#objects");
            if (page.Count > size)
            {
                page.RemoveAt(size);
                json.WriteString("nextPageToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Key)));
            }

            var folded = page.Where(e => e.Key != e.Item.Name).Select(e => e.Key).ToList();
            if (folded.Count > 0)
            {
                json.WriteStartArray("prefixes");
                folded.ForEach(json.WriteStringValue);
                json.WriteEndArray();
            }

            if (page.Count > folded.Count)
            {
                json.WriteStartArray("items");
                foreach (var (_, item) in page.Where(e => e.Key == e.Item.Name))
                {
                    ResourceJson.WriteObject(json, item, host);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        });
    }

    private static string Fold(string name, string prefix, string delimiter) =>
        delimiter.Length > 0 && name.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal) is var at and >= 0
            ? name[..(at + delimiter.Length)]
            : name;

    private static string? Decode(string token)
    {
        try
        {
            return token.Length == 0 ? null : Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException)
        {
            throw new ApiException(400, "invalid", "Invalid pageToken.");
        }
    }
}
