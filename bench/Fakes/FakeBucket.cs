using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Iga.Bench.Fakes;

/// <summary>GCS: takes multipart uploads that are to create an object, keeps their names, forgets their bytes.</summary>
internal sealed class FakeBucket : FakeServer
{
    public const string Name = "bench-bucket";

    private readonly ConcurrentDictionary<string, int> _objects = [];
    private long _generation;

    /// <summary>The names of the objects, and how large the uploads were.</summary>
    public IReadOnlyDictionary<string, int> Objects => _objects;

    public void Clear() => _objects.Clear();

    protected override ValueTask<ReadOnlyMemory<byte>> AnswerAsync(
        string target, ReadOnlyMemory<byte> body, int length, CancellationToken cancellationToken) => new(
        target.StartsWith("POST /upload/storage/v1/b/", StringComparison.Ordinal)
            && target.Contains("uploadType=multipart", StringComparison.Ordinal)
            && target.Contains("ifGenerationMatch=0", StringComparison.Ordinal)
            ? Insert(Resource(body.Span), length)
            : Json("404 Not Found", """{"error": {"code": 404, "message": "Not Found"}}"""));

    private byte[] Insert(Resource resource, int length)
    {
        if (length < FakeModel.PictureSize || (resource.Crc32c ?? resource.Md5Hash) is null || resource.Metadata is not { Count: > 0 })
        {
            return Json("400 Bad Request", """{"error": {"code": 400, "message": "too short, or no checksum or no metadata"}}""");
        }

        return _objects.TryAdd(resource.Name, length)
            ? Json("200 OK", $$"""
                {"kind": "storage#object", "name": "{{resource.Name}}", "bucket": "{{Name}}", "generation": "{{Interlocked.Increment(ref _generation)}}", "metageneration": "1", {{(resource.Crc32c is null ? $"\"md5Hash\": \"{resource.Md5Hash}\"" : $"\"crc32c\": \"{resource.Crc32c}\"")}}, "metadata": {{JsonSerializer.Serialize(resource.Metadata)}}}
                """)
            : Json("412 Precondition Failed", """{"error": {"code": 412, "message": "conditionNotMet"}}""");
    }

    /// <summary>The JSON of the first part.</summary>
    private static Resource Resource(ReadOnlySpan<byte> body)
    {
        var start = body.IndexOf((byte)'{');
        var reader = new Utf8JsonReader(body[start..], isFinalBlock: false, default);
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        return new Resource(
            root.GetProperty("name").GetString()!,
            root.TryGetProperty("crc32c", out var crc) ? crc.GetString() : null,
            root.TryGetProperty("md5Hash", out var md5) ? md5.GetString() : null,
            root.TryGetProperty("metadata", out var metadata) ? metadata.Deserialize<Dictionary<string, string>>() : null);
    }
}
