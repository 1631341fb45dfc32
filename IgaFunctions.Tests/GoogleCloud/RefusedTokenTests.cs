using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Iga.Bucket;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Images;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tests.Bucket;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;

namespace Iga.Tests.GoogleCloud;

/// <summary>A token that is refused before its time is over: on real TLS, with a service account's key and an endpoint for tokens.</summary>
public sealed class RefusedTokenTests : IAsyncLifetime
{
    private static readonly byte[] Picture = Pictures.Png(300_000);

    private GcsEmulator _gcs = null!;
    private VertexEmulator _vertex = null!;
    private GoogleGate _google = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        _vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions
        {
            PictureFactory = (_, _) => ValueTask.FromResult(new Iga.Emulators.Pictures.Picture(Pictures.Png(400), "image/png")),
        });
        _google = await GoogleGate.StartAsync(_vertex.Address, _gcs.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _google.DisposeAsync();
        await _vertex.DisposeAsync();
        await _gcs.DisposeAsync();
    }

    [Theory]
    [InlineData("rest")]
    [InlineData("client")]
    public async Task An_upload_goes_on_with_a_new_token_whichever_of_its_requests_was_refused(string wire)
    {
        var store = StoreOver(wire, Authorization());
        foreach (var revokeAt in (int[])[1, 2])
        {
            var seen = 0;
            _google.OnRequest = _ =>
            {
                if (++seen == revokeAt)
                {
                    _google.Revoke();
                }
            };
            var name = $"images/iga/{revokeAt}.png";

            Assert.False((await PutAsync(store, name)).Adopted);
            Assert.Equal(Picture.Length, Assert.Single(_gcs.Objects.List(Service.Bucket, name)).Size);
        }

        Assert.All(_google.Refused, token => Assert.StartsWith("Bearer token-", token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rest")]
    [InlineData("client")]
    public async Task A_second_refusal_is_told_as_what_it_is(string wire)
    {
        _google.OnRequest = _ => _google.Revoke();

        var failure = await Assert.ThrowsAsync<FailureException>(() => PutAsync(StoreOver(wire, Authorization()), "a.png"));

        Assert.Equal((FailureKind.StorageDenied, false), (failure.Kind, failure.IsTransient));
        Assert.Equal(["Bearer token-1", "Bearer token-2"], _google.Refused);
    }

    [Fact]
    public async Task Twenty_calls_whose_token_is_refused_ask_for_one_new_token()
    {
        var authorization = Authorization();
        var options = new VertexOptions(_google.Address, "p", "global", null, null, new CallTimeouts());
        using var http = GoogleHttp.CreateClient(_google.CreateHandler(), Dependency.Model, authorization);
        using var transport = new RestVertexTransport(http, options, TimeProvider.System, System.Buffers.ArrayPool<byte>.Shared);
        using var model = new VertexImageModel(transport, options, ModelCatalog.BuiltIn, new RecordingObserver(), TimeProvider.System);
        (await GenerateAsync()).Dispose();
        _google.Revoke();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => (await GenerateAsync()).Dispose()));

        Assert.Equal((2, 21), (_google.Issued, _vertex.ImagesMade));

        Task<GeneratedImage> GenerateAsync() => model.GenerateAsync(
            new("a lighthouse", "1:1", true, "gemini-3.1-flash-image"), CancellationToken.None);
    }

    private static Task<StoredImage> PutAsync(GcsImageStore store, string name) => store.PutAsync(
        new(name, "image/png", Picture.Length, Crc32C.Of(Picture), Guid.NewGuid()),
        _ => Task.FromResult<Stream>(new MemoryStream(Picture)),
        CancellationToken.None);

    private GcsImageStore StoreOver(string wire, ICallAuthorization authorization)
    {
        var options = new StorageOptions(Service.Bucket, "images/iga/", _google.Address);
        var transport = (wire == "rest" ? GcsWire.Rest : GcsWire.Client).Create(
            _google.CreateHandler(), options, authorization, TimeProvider.System);
        return new(transport, options, new RecordingObserver(), TimeProvider.System);
    }

    /// <summary>The key of the file, over connections that trust the test's authority.</summary>
    private ApplicationDefaultAuthorization Authorization()
    {
        var key = CredentialFactory.FromFile<ServiceAccountCredential>(_google.KeyFile);
        var credential = GoogleCredential.FromServiceAccountCredential(new(new(key.Id, key.TokenServerUrl)
        {
            Key = key.Key,
            HttpClientFactory = new Trusting(_google),
        }));
        return new(_ => Task.FromResult(credential), TimeProvider.System);
    }

    private sealed class Trusting(GoogleGate google) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => google.CreateHandler();
    }
}
