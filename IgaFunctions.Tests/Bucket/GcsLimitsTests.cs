using Iga.Bucket;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>How far the service goes with a bucket: credentials, redirects, the length of an answer, a caller that leaves.</summary>
public abstract class GcsLimitsTests : GcsOnAWire
{
    private protected GcsLimitsTests(GcsWire wire)
        : base(wire)
    {
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var stranger = await ScriptedServer.StartAsync(Bucket.HandleAsync);
        await using var server = await ScriptedServer.StartAsync(context =>
        {
            context.Response.Headers.Location = $"{stranger.Address}{context.Request.Path.Value![1..]}{context.Request.QueryString}";
            context.Response.StatusCode = 307;
            return Task.CompletedTask;
        });

        Assert.Equal(FailureKind.StorageDenied, (await FailAsync(server)).Kind);

        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task An_error_page_without_end_is_not_read_to_its_end()
    {
        await using var server = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.StatusCode = 403;
            await Wire.Huge(1L << 40, isAnnounced: false)(context);
        });

        Assert.Equal(FailureKind.StorageDenied, (await FailAsync(server).WaitAsync(TimeSpan.FromSeconds(30))).Kind);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        var upload = Upload(Wire.Huge(1L << 40, isAnnounced: false));
        await using var server = await ScriptedServer.StartAsync([.. upload, .. upload, .. upload]);

        var failure = await FailAsync(server).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
    }

    [Fact]
    public async Task A_caller_that_gives_up_ends_the_upload()
    {
        using var cancel = new CancellationTokenSource();
        var upload = Upload(Wire.Stall);
        await using var server = await ScriptedServer.StartAsync(upload);
        var put = Store(server).PutAsync(Image, _ => Task.FromResult<Stream>(new MemoryStream(Picture)), cancel.Token);
        foreach (var _ in upload)
        {
            await server.ArrivalAsync();
        }

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Without_credentials_nothing_is_sent()
    {
        using var handler = new CapturingHandler();
        var denied = new FailureException(FailureKind.StorageDenied, "no credentials");
        var transport = Wired.Create(
            handler, new StorageOptions("b", "p/", StorageOptions.GoogleEndpoint), new DeniedAuthorization(denied), Time);
        using var content = new MemoryStream(Picture);

        Assert.Same(denied, await Assert.ThrowsAsync<FailureException>(
            () => transport.InsertAsync("b", Image, content, CancellationToken.None)));
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task On_https_the_token_is_sent()
    {
        using var handler = new CapturingHandler();
        var transport = Wired.Create(
            handler, new StorageOptions("b", "p/", StorageOptions.GoogleEndpoint), new BearerAuthorization(), Time);

        await Assert.ThrowsAsync<FailureException>(() => transport.FindAsync("b", Name, CancellationToken.None));

        Assert.Equal("Bearer for-gcs_upload", Assert.Single(handler.Requests).Authorization);
    }

    private sealed class DeniedAuthorization(FailureException failure) : ICallAuthorization
    {
        public Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken) =>
            throw failure;

        public void Drop(string token) => throw new InvalidOperationException("there is nothing to drop");
    }
}
