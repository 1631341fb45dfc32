using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Iga.Tests.EndToEnd;

namespace Iga.Tests.OpenApi;

/// <summary>GET /openapi.json and /docs, as they are answered.</summary>
public sealed class PublishedDocumentTests : IAsyncLifetime
{
    private OwnService _service = null!;

    public async ValueTask InitializeAsync() => _service = await OwnService.StartAsync(settings =>
    {
        settings["IGA_API_KEYS"] = "a-key-of-thirty-two-characters-1";
        settings["IGA_VERTEXAI_IMAGE_MODEL_ID"] = "gemini-2.5-flash-image";
        settings["IGA_ALLOWED_MODEL_IDS"] = "gemini-2.5-flash-image";
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task The_document_tells_the_version_and_what_this_service_offers_without_a_key()
    {
        var document = JsonNode.Parse(await _service.Client.GetStringAsync("/openapi.json"))!;

        var version = typeof(IgaServices).Assembly.GetName().Version!;
        Assert.Equal($"{version.Major}.{version.Minor}.{version.Build}", document["info"]!["version"]!.ToString());
        Assert.Equal("3.1.1", document["openapi"]!.ToString());
        var schemas = document["components"]!["schemas"]!;
        Assert.Equal(
            ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"],
            schemas["AspectRatio"]!["enum"]!.AsArray().Select(ratio => ratio!.ToString()));
        Assert.Null(schemas["ImageSize"]!["enum"]); // The one model has one size.
        Assert.Equal(
            ["gemini-2.5-flash-image"],
            schemas["GenerateImageRequest"]!["properties"]!["model_id_override"]!["examples"]!.AsArray().Select(id => id!.ToString()));
    }

    [Theory]
    [InlineData("/openapi.json", "application/json")]
    [InlineData("/docs", "text/html")]
    [InlineData("/docs/docs.js", "text/javascript")]
    [InlineData("/docs/docs.css", "text/css")]
    [InlineData("/docs/scalar.js", "text/javascript")]
    public async Task Who_has_it_already_is_told_so(string path, string type)
    {
        using var first = await _service.Client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type), (first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        Assert.False(first.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.True(first.Headers.CacheControl!.NoCache);

        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task The_script_of_the_page_goes_compressed_to_who_takes_that_and_is_the_same()
    {
        var plain = await _service.Client.GetByteArrayAsync("/docs/scalar.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js") { Headers = { AcceptEncoding = { new StringWithQualityHeaderValue("gzip") } } };
        using var response = await _service.Client.SendAsync(request);

        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        var compressed = await response.Content.ReadAsByteArrayAsync();
        Assert.True(compressed.Length < plain.Length / 2);
        using var text = new System.IO.Compression.GZipStream(new MemoryStream(compressed), System.IO.Compression.CompressionMode.Decompress);
        using var expanded = new MemoryStream();
        await text.CopyToAsync(expanded, TestContext.Current.CancellationToken);
        Assert.Equal(plain, expanded.ToArray());

        using var refusing = new HttpRequestMessage(HttpMethod.Head, "/docs/scalar.js");
        refusing.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip;q=0");
        using var unpacked = await _service.Client.SendAsync(refusing);
        Assert.Equal(plain.Length, unpacked.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("/docs/nothing.js")]
    [InlineData("/docs/..%2fopenapi.json")]
    public async Task The_page_has_no_other_files(string path)
    {
        using var response = await _service.Client.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
