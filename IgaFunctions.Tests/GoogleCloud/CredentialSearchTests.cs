using Google.Apis.Auth.OAuth2;
using Iga.GoogleCloud;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.GoogleCloud;

public sealed class CredentialSearchTests
{
    [Fact]
    public async Task A_search_that_takes_too_long_keeps_nobody_from_starting()
    {
        var time = new FakeTimeProvider();
        var search = CredentialSearch.RunAsync(_ => new TaskCompletionSource<GoogleCredential>().Task, time, CancellationToken.None);

        time.Advance(CredentialSearch.Patience - TimeSpan.FromSeconds(1));
        Assert.False(search.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(CredentialSearch.Result.Unanswered, await search);
    }

    [Fact]
    public async Task A_stop_ends_the_search()
    {
        using var stop = new CancellationTokenSource();
        var search = CredentialSearch.RunAsync(_ => new TaskCompletionSource<GoogleCredential>().Task, new FakeTimeProvider(), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => search);
    }
}
