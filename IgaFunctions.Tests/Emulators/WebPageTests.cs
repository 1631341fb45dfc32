using System.Net;
using System.Text;
using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;

namespace Iga.Tests.Emulators;

/// <summary>A page in a browser on this machine can neither read what the emulators hold nor change it.</summary>
public sealed class WebPageTests : IAsyncLifetime
{
    // Without the header of the control API, which Vertex.Http always sends.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private VertexEmulator _vertex = null!;
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync()
    {
        _vertex = await VertexEmulator.StartAsync(new() { AllowedHosts = ["vertex.inner"] });
        _gcs = await GcsEmulator.StartAsync(new());
        await _gcs.UploadMediaAsync("kept", [1]);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _vertex.DisposeAsync();
        await _gcs.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", "_emulator/stats")]
    [InlineData("POST", "_emulator/faults")]
    [InlineData("DELETE", "_emulator/faults")]
    [InlineData("POST", "_emulator/latency")]
    [InlineData("POST", "_emulator/reset")]
    [InlineData("GET", "_emulator/anything")]
    public async Task The_control_API_asks_for_its_header(string method, string path)
    {
        foreach (var address in new[] { _vertex.Address, _gcs.Address })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, path));
            request.Content = new StringContent("""{"objects": true}""", Encoding.UTF8, "text/plain");
            using var response = await _http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
            Assert.Contains("X-Emulator-Control", await MessageAsync(response), StringComparison.Ordinal);
            Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        }

        Assert.Single(_gcs.Objects.List(Gcs.Bucket));
    }

    [Theory]
    [InlineData("localhost:8085", 200, 200)]
    [InlineData("gcs.localhost", 200, 200)]
    [InlineData("[::1]:1", 200, 200)]
    [InlineData("192.0.2.7", 200, 200)]
    [InlineData("Vertex.Inner:8085", 200, 421)]
    [InlineData("rebound.example:8085", 421, 421)]
    [InlineData("localhost.rebound.example", 421, 421)]
    public async Task A_host_that_is_not_the_emulators_is_refused(string host, int vertex, int gcs)
    {
        Assert.Equal(vertex, await StatusAsync(new Uri(_vertex.Address, "_emulator/stats"), host));
        Assert.Equal(gcs, await StatusAsync(new Uri(_gcs.Address, "_emulator/stats"), host));
    }

    [Theory]
    [InlineData("Origin", "https://page.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "none", 200)]
    [InlineData("X-None", "a program", 200)]
    public async Task A_page_of_another_origin_changes_nothing(string header, string value, int status)
    {
        var upload = new Uri(_gcs.Address, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=media&name=new");
        using var request = new HttpRequestMessage(HttpMethod.Post, upload) { Content = new ByteArrayContent([2]) };
        request.Headers.Add(header, value);
        using var response = await _http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 200 ? 2 : 1, _gcs.Objects.List(Gcs.Bucket).Count);
        Assert.DoesNotContain(response.Headers, line => line.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_preflight_gets_no_leave()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, new Uri(_gcs.Address, "_emulator/reset"));
        request.Headers.Add("Origin", "https://page.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "x-emulator-control");
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.DoesNotContain(response.Headers, line => line.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<int> StatusAsync(Uri url, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Host = host;
        using var response = await Vertex.Http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<string?> MessageAsync(HttpResponseMessage response)
    {
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("error").GetProperty("message").GetString();
    }
}
