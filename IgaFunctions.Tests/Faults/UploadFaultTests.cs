using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Faults;

/// <summary>Every fault of the bucket, each alone: none of them costs a second picture.</summary>
public sealed class UploadFaultTests(ITestOutputHelper output) : IAsyncLifetime
{
    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_passing_fault_of_the_bucket_is_made_good()
    {
        FaultCase[] cases =
        [
            .. from status in (int[])[408, 429, 499, 500, 502, 503, 504]
               from retryAfter in (string[])["", " Retry-After 1", " Retry-After 3"]
               select new FaultCase($"return-{status}{retryAfter}") { IsSeenAsRetry = retryAfter.EndsWith('3') },
            new("rate-limit-403"),
            new("user-rate-limit-403"),
            new("return-503-retry-date-1s"),
            new("return-503-retry-date-3s") { IsSeenAsRetry = true },
            new("return-503-after-256K"),
            new("return-reset-connection"),
            new("latency-1200ms"),
            new("return-503-after-body"),
            new("return-reset-connection-after-body"),
            new("reset-inside-body"),
            new("truncate-body"),
            new("malformed-json"),
            new("wrong-crc32c"),
            new("precondition-failed-412"),
        ];

        await RunAsync(cases);
    }

    [Fact]
    public async Task A_bucket_that_says_no_fails_the_task_with_its_reason_and_leaves_no_object()
    {
        FaultCase[] cases =
        [
            new("return-400", "storage_denied", Says: "status 400"),
            new("refused-token-401", "storage_denied", Says: "status 401"),
            new("return-403", "storage_denied", Says: "status 403"),
            new("return-404", "storage_denied", Says: "the bucket does not exist"),
            // The object is stored all the same, and has to go again.
            new("return-403-after-body", "storage_denied", Says: "status 403"),
        ];

        await RunAsync(cases);
    }

    [Fact]
    public async Task An_object_that_is_there_is_the_keys_image_and_is_adopted()
    {
        var (key, prompt) = (Caller.NewKey(), $"adopted {Guid.NewGuid()}");
        var first = await _lab.GenerateAsync(key, new { prompt });
        await _lab.ExecuteAsync("delete from idempotency_keys where idempotency_key = $1", key);

        var second = await _lab.GenerateAsync(key, new { prompt });

        Assert.Equal(
            first.GetProperty("result").GetProperty("image_url").GetString(),
            second.GetProperty("result").GetProperty("image_url").GetString());
        Assert.Single(_lab.ObjectsOf(key));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task An_object_that_is_there_and_may_not_be_read_is_the_keys_image(int denied)
    {
        var (key, prompt) = (Caller.NewKey(), $"unread {Guid.NewGuid()}");
        _lab.FaultUpload(key, "return-503-after-body"); // the object is stored, and the answer is lost
        _lab.Gcs.Faults.Add("storage.objects.get", $"return-{denied}", 100, Fixtures.Service.ObjectStemOf(key));

        var body = await _lab.GenerateAsync(key, new { prompt });

        Assert.Equal("SUCCESS", body.GetProperty("status").GetString());
        Assert.EndsWith(
            Assert.Single(_lab.ObjectsOf(key)), body.GetProperty("result").GetProperty("image_url").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, _lab.MadeFor(prompt));
        await _lab.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_failed_task_leaves_no_object_though_the_bucket_does_not_let_it_look_at_first()
    {
        var (key, prompt) = (Caller.NewKey(), $"cleaned up {Guid.NewGuid()}");
        _lab.FaultUpload(key, "return-403-after-body");
        _lab.Gcs.Faults.Add("storage.objects.get", "return-503", 4, Fixtures.Service.ObjectStemOf(key));

        var body = await _lab.GenerateAsync(key, new { prompt });

        Controls.AssertFailed(body, "storage_denied");
        Assert.Empty(_lab.ObjectsOf(key));
        await _lab.AssertNothingIsLeftAsync();
    }

    private async Task RunAsync(FaultCase[] cases)
    {
        var (wrong, messages) = await FaultCase.RunAsync(
            _lab, cases, one => _lab.Gcs.Faults.Add(
                "storage.objects.insert.simple", one.Parse(), match: Fixtures.Service.ObjectStemOf(one.Key)));

        messages.ForEach(output.WriteLine);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
