using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;

namespace Iga.Tests.GoogleCloud;

/// <summary>
/// The local host as a process of its own, with a service account's key file, against Google's services on real TLS: what becomes of
/// tasks whose token is refused, or that get none.
/// </summary>
public sealed class CredentialsOnTheWireTests : IAsyncLifetime
{
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private Dictionary<string, string?> _settings = null!;
    private GcsEmulator _gcs = null!;
    private VertexEmulator _vertex = null!;
    private GoogleGate _google = null!;
    private ServiceProcess _process = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        _vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (_, _) => ValueTask.FromResult(new Iga.Emulators.Pictures.Picture(Pictures.Png(400), "image/png")),
        });
        _google = await GoogleGate.StartAsync(_vertex.Address, _gcs.Address);
        _settings = Service.SettingsFor(_google.Address, _google.Address, await TestCluster.CreateDatabaseAsync());
        _settings["GOOGLE_APPLICATION_CREDENTIALS"] = _google.KeyFile;
        _settings["IGA_VERTEXAI_PROJECT_ID"] = "test";
        _settings["SSL_CERT_FILE"] = _google.RootFile; // of .NET itself: the product trusts what its machine trusts
        _process = ServiceProcess.Start(_settings);
        _client = new HttpClient { BaseAddress = await _process.ReadyAsync() };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
        await _google.DisposeAsync();
        await _vertex.DisposeAsync();
        await _gcs.DisposeAsync();
        Directory.Delete(_settings["IGA_STAGING_DIR"]!, recursive: true);
    }

    [Theory]
    [InlineData("/v1/projects/")] // before the picture is made
    [InlineData("/upload/")] // when it is paid for
    public async Task A_token_that_is_refused_is_renewed_and_the_picture_is_paid_for_once(string revokedAt)
    {
        await SucceedsAsync();
        _google.OnRequest = path =>
        {
            if (path.StartsWith(revokedAt, StringComparison.Ordinal))
            {
                _google.OnRequest = _ => { };
                _google.Revoke();
            }
        };

        await SucceedsAsync();

        Assert.Equal(["Bearer token-1"], _google.Refused);
        Assert.Equal((2, 2), (_google.Issued, _vertex.ImagesMade));
    }

    [Fact]
    public async Task An_endpoint_for_tokens_that_answers_nonsense_is_waited_out()
    {
        foreach (var fault in ((int, string)[])[(503, ""), (200, "{}"), (200, "<html>"), (400, """{"error":"invalid_grant"}""")])
        {
            _google.TokenFault = fault;
            _google.Revoke();
            var id = await _client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt });
            await _client.WaitAsync(id, "RETRY");

            _google.TokenFault = null;
            Assert.Equal("SUCCESS", (await _client.WaitAsync(id)).GetProperty("status").GetString());
        }

        // Nothing was ever sent without a token.
        Assert.All(_google.Refused, token => Assert.StartsWith("Bearer token-", token, StringComparison.Ordinal));
        Assert.Equal(4, _vertex.ImagesMade);
    }

    private async Task SucceedsAsync()
    {
        var body = await _client.GenerateAsync(Caller.NewKey(), new { prompt = _prompt });
        Assert.True(body.GetProperty("status").GetString() == "SUCCESS", body.ToString());
    }
}
