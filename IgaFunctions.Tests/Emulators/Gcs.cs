using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

/// <summary>Requests to the emulated GCS, as its JSON API is documented.</summary>
internal static class Gcs
{
    public const string Bucket = "pictures";

    // 308 is the protocol's "go on", not a redirect.
    public static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public sealed record Reply(int Status, string Body, HttpResponseHeaders Headers)
    {
        public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);

        public string Reason => Json.GetProperty("error").GetProperty("errors")[0].GetProperty("reason").GetString()!;
    }

    public static byte[] Content(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static string Crc32C(byte[] content)
    {
        var crc = new Crc32(Crc32ParameterSet.Crc32C);
        crc.Append(content);
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, crc.GetCurrentHashAsUInt32());
        return Convert.ToBase64String(bytes);
    }

    public static string ObjectPath(string name, string bucket = Bucket) =>
        $"storage/v1/b/{bucket}/o/{Uri.EscapeDataString(name)}";

    public static async Task<Reply> SendAsync(
        this GcsEmulator gcs,
        HttpMethod method,
        string pathAndQuery,
        HttpContent? content = null,
        params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(gcs.Address, pathAndQuery)) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await Http.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public static Task<Reply> GetAsync(this GcsEmulator gcs, string pathAndQuery) => gcs.SendAsync(HttpMethod.Get, pathAndQuery);

    public static Task<Reply> UploadMediaAsync(
        this GcsEmulator gcs, string name, byte[] content, string query = "", string bucket = Bucket, string? hash = null) =>
        gcs.SendAsync(
            HttpMethod.Post,
            $"upload/storage/v1/b/{bucket}/o?uploadType=media&name={Uri.EscapeDataString(name)}{query}",
            new ByteArrayContent(content),
            hash is null ? [("Content-Type", "image/png")] : [("Content-Type", "image/png"), ("x-goog-hash", hash)]);

    public static Task<Reply> UploadMultipartAsync(
        this GcsEmulator gcs, object resource, byte[] content, string query = "&ifGenerationMatch=0", string bucket = Bucket)
    {
        var multipart = new MultipartContent("related", "a-boundary")
        {
            JsonContent.Create(resource), new ByteArrayContent(content),
        };
        multipart.Last().Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return gcs.SendAsync(HttpMethod.Post, $"upload/storage/v1/b/{bucket}/o?uploadType=multipart{query}", multipart);
    }

    /// <returns>The session's URI.</returns>
    public static async Task<Uri> StartUploadAsync(this GcsEmulator gcs, object resource, string query = "&ifGenerationMatch=0")
    {
        var reply = await gcs.SendAsync(
            HttpMethod.Post, $"upload/storage/v1/b/{Bucket}/o?uploadType=resumable{query}", JsonContent.Create(resource));
        Assert.Equal((200, ""), (reply.Status, reply.Body));
        return reply.Headers.Location!;
    }

    public static Task<Reply> PutChunkAsync(
        this GcsEmulator gcs, Uri session, byte[] content, int from, int to, int? total, params (string, string)[] headers) =>
        gcs.SendAsync(
            HttpMethod.Put,
            session.AbsoluteUri,
            new ByteArrayContent(content, from, to - from + 1),
            [("Content-Range", $"bytes {from}-{to}/{total?.ToString(CultureInfo.InvariantCulture) ?? "*"}"), .. headers]);

    public static Task<Reply> AskStatusAsync(this GcsEmulator gcs, Uri session, string range = "bytes */*") =>
        gcs.SendAsync(HttpMethod.Put, session.AbsoluteUri, new ByteArrayContent([]), ("Content-Range", range));

    public static string? Range(this Reply reply) => reply.Headers.TryGetValues("Range", out var values) ? values.Single() : null;
}
