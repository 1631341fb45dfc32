using System.Globalization;
using System.Text;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// How far a rewrite got that takes several requests. GCS may split one between storage classes; the emulator does so where
/// <c>maxBytesRewrittenPerCall</c> or a fault asks for it. The token says all that has to be remembered.
/// </summary>
/// <param name="Rewrite">Which rewrite it is: its source and its target.</param>
/// <param name="Bytes">Of the source, so far.</param>
/// <param name="PerCall">Bytes; null is all of them.</param>
internal sealed record RewriteProgress(string Rewrite, long Bytes, long? PerCall, long Size)
{
    private const long Quantum = 1024 * 1024;

    /// <exception cref="ApiException">400: the token is of another rewrite, or the limit is no multiple of 1 MiB.</exception>
    public static RewriteProgress Of(HttpRequest request, StoredObject source, string bucket, string name)
    {
        var rewrite = $"{source.Bucket}/{source.Name}#{source.Generation} {bucket}/{name}";
        var perCall = Preconditions.Number(request, "maxBytesRewrittenPerCall");
        if (perCall is { } limit && (limit == 0 || limit % Quantum != 0))
        {
            throw new ApiException(
                400, "invalid", $"Invalid value for maxBytesRewrittenPerCall: {limit}. It has to be a multiple of {Quantum}.");
        }

        var token = request.Query["rewriteToken"].ToString();
        return new RewriteProgress(rewrite, token.Length == 0 ? 0 : BytesOf(token, rewrite), perCall, source.Size);
    }

    /// <returns>The progress to tell when this request does not finish the rewrite, or null.</returns>
    /// <param name="storageClass">The target's. Within one class all is done at once, whatever the limit.</param>
    /// <param name="split">Whether a fault keeps the request from finishing.</param>
    public RewriteProgress? Next(StoredObject source, string storageClass, bool split)
    {
        var next = PerCall is { } limit && source.StorageClass != storageClass ? Bytes + limit : Size;
        return split ? this with { Bytes = Math.Min(next, Size / 2) }
            : next < Size ? this with { Bytes = next }
            : null;
    }

    public void Write(Utf8JsonWriter json)
    {
        Begin(json, Bytes, Size, done: false);
        json.WriteString("rewriteToken",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Bytes.ToString(CultureInfo.InvariantCulture)} {Rewrite}")));
        json.WriteEndObject();
    }

    public static void WriteDone(Utf8JsonWriter json, StoredObject item, string host, string crc32C)
    {
        Begin(json, item.Size, item.Size, done: true);
        json.WritePropertyName("resource");
        ResourceJson.WriteObject(json, item, host, crc32C);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, long bytes, long size, bool done)
    {
        json.WriteStartObject();
        json.WriteString("kind", "storage#rewriteResponse");
        json.WriteString("totalBytesRewritten", ResourceJson.Text(bytes));
        json.WriteString("objectSize", ResourceJson.Text(size));
        json.WriteBoolean("done", done);
    }

    private static long BytesOf(string token, string rewrite)
    {
        var bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2) is [var count, var known]
            && known == rewrite
            && long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var soFar)
                ? soFar
                : throw new ApiException(400, "invalid", "Invalid rewriteToken: it is not of this rewrite.");
    }
}
