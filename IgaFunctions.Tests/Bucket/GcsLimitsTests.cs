using Iga.Bucket;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>How far the service goes with a bucket: credentials, redirects, the length of an answer, a caller that leaves.</summary>
public abstract class GcsLimitsTests : GcsOnAWire
{
    // What the kernel takes on both sides before it lets a writer wait.
    private const long MostUnread = 32L << 20;

    private long _sent;

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
        await using var server = await ScriptedServer.StartAsync(Endless(403));

        Assert.Equal(FailureKind.StorageDenied, (await FailAsync(server).WaitAsync(TimeSpan.FromSeconds(30))).Kind);
        Assert.InRange(_sent, 1, MostUnread);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        var upload = Upload(Endless(200));
        await using var server = await ScriptedServer.StartAsync([.. upload, .. upload, .. upload]);

        var failure = await FailAsync(server).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.InRange(_sent, 1, 3 * MostUnread);
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

    private RequestDelegate Endless(int status) => async context =>
    {
        context.Response.StatusCode = status;
        var block = new byte[1 << 20];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(block);
            Interlocked.Add(ref _sent, block.Length);
        }
    };

    private sealed class DeniedAuthorization(FailureException failure) : ICallAuthorization
    {
        public Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken) =>
            throw failure;
    }
}
