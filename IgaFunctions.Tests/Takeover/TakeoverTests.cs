using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Storage;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Takeover;

/// <summary>A key whose task fell silent goes to one other; the old task comes back and finds every door locked.</summary>
public sealed class TakeoverTests : IAsyncLifetime
{
    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_stale_key_posted_many_times_at_once_goes_to_one_heir()
    {
        var (key, prompt) = (Caller.NewKey(), $"heirs {Guid.NewGuid()}");
        var old = await SubmitSilentAsync(key, prompt);

        var tasks = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => _lab.SubmitAsync(key, new { prompt })));

        var heir = Assert.Single(tasks.Distinct());
        Assert.NotEqual(old, heir);
        AssertSucceeded(await _lab.Client.WaitAsync(heir));
        await AssertConflictAsync(old);
        Assert.Single(_lab.ObjectsOf(key));
        await _lab.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task An_old_task_whose_picture_comes_late_stages_and_stores_nothing()
    {
        var (key, prompt) = (Caller.NewKey(), $"late {Guid.NewGuid()}");
        var old = await SubmitSilentAsync(key, prompt);
        var heir = await _lab.SubmitAsync(key, new { prompt });
        var image = await _lab.Client.WaitAsync(heir);

        await AssertConflictAsync(old);

        AssertSucceeded(image);
        Assert.Equal(1, UploadsOf(key));
        Assert.Equal(heir.ToString(), Assert.Single(ObjectsOf(key)).Metadata["iga_task_id"]);
        await _lab.AssertNothingIsLeftAsync();
    }

    // The old task passes its ownership check, and its upload hangs. The heir looks for an object, finds none, and stores
    // one of another format, and so of another name. Then the old upload arrives.
    [Fact]
    public async Task An_upload_that_was_under_way_at_the_takeover_leaves_no_second_object_of_another_format()
    {
        var (key, prompt) = (Caller.NewKey(), $"two formats {Guid.NewGuid()}");
        _lab.FaultModel(prompt, "jpeg");
        _lab.FaultUpload(key, "stall-for-2s");
        var old = await _lab.SubmitAsync(key, new { prompt });
        await Eventually.Async(() => UploadsOf(key) == 1);
        await _lab.AgeLockAsync(key);
        Assert.Empty(_lab.ObjectsOf(key));

        var heir = await _lab.SubmitAsync(key, new { prompt });
        var image = await _lab.Client.WaitAsync(heir);

        AssertSucceeded(image);
        await AssertConflictAsync(old);
        Assert.Equal(2, _lab.Gcs.Inserts);
        Assert.Equal(
            image.GetProperty("result").GetProperty("image_url").GetString(),
            $"gs://{Fixtures.Service.Bucket}/{Assert.Single(_lab.ObjectsOf(key))}");
        await _lab.AssertNothingIsLeftAsync();
    }

    // As above, but the answer of the old upload is lost too: the old task finds out while it waits to try again.
    [Fact]
    public async Task An_old_upload_that_succeeded_unseen_is_taken_back_when_the_task_finds_its_key_lost()
    {
        var (key, prompt) = (Caller.NewKey(), $"unseen {Guid.NewGuid()}");
        _lab.FaultModel(prompt, "jpeg");
        _lab.Gcs.Faults.Add(
            "storage.objects.insert.simple",
            new Fault.ReturnStatus(503, AfterWork: true) { RetryAfter = 3 },
            match: Fixtures.Service.ObjectStemOf(key));
        var old = await _lab.SubmitAsync(key, new { prompt });
        await _lab.Client.WaitAsync(old, "RETRY");
        var jpeg = Assert.Single(_lab.ObjectsOf(key));

        // The heir must not see it, or it would adopt it: as if it had looked before.
        foreach (var _ in new int[3])
        {
            _lab.Gcs.Faults.Add("storage.objects.get", "return-404", match: Fixtures.Service.ObjectStemOf(key));
        }

        await _lab.AgeLockAsync(key);
        var image = await _lab.GenerateAsync(key, new { prompt });

        AssertSucceeded(image);
        await AssertConflictAsync(old);
        Assert.NotEqual(jpeg, Assert.Single(_lab.ObjectsOf(key)));
    }

    [Fact]
    public async Task An_heir_adopts_what_its_predecessor_stored_and_pays_for_no_other_picture()
    {
        var (key, prompt) = (Caller.NewKey(), $"inherited {Guid.NewGuid()}");
        _lab.FaultModel(prompt, "jpeg");
        _lab.FaultUpload(key, "stall-for-2s-after-body");
        var old = await _lab.SubmitAsync(key, new { prompt });
        await Eventually.Async(() => _lab.ObjectsOf(key).Length == 1);
        await _lab.AgeLockAsync(key);

        var image = await _lab.GenerateAsync(key, new { prompt });

        // The old task comes back, finds its key lost, and leaves the object to the heir.
        await AssertConflictAsync(old);
        AssertSucceeded(image);
        Assert.Equal(1, _lab.MadeFor(prompt));
        var left = Assert.Single(_lab.ObjectsOf(key));
        Assert.EndsWith(".jpg", left, StringComparison.Ordinal);
        Assert.Equal($"gs://{Fixtures.Service.Bucket}/{left}", image.GetProperty("result").GetProperty("image_url").GetString());
    }

    [Fact]
    public async Task A_task_after_a_failure_that_left_an_object_adopts_it()
    {
        var (key, prompt) = (Caller.NewKey(), $"after a failure {Guid.NewGuid()}");
        _lab.FaultModel(prompt, "jpeg");
        _lab.FaultUpload(key, "return-403-after-body");
        _lab.Gcs.Faults.Add("storage.objects.delete", "return-403", match: Fixtures.Service.ObjectStemOf(key));
        Assert.Equal("FAILURE", (await _lab.GenerateAsync(key, new { prompt })).GetProperty("status").GetString());
        Assert.Single(_lab.ObjectsOf(key));

        AssertSucceeded(await _lab.GenerateAsync(key, new { prompt }));

        Assert.Equal(1, _lab.MadeFor(prompt));
        Assert.Single(_lab.ObjectsOf(key));
    }

    [Fact]
    public async Task A_first_task_looks_for_no_object()
    {
        await _lab.GenerateAsync(Caller.NewKey(), new { prompt = "the ordinary path" });

        Assert.Equal(["storage.objects.insert.simple"], _lab.Gcs.Log.Select(call => call.Operation));
    }

    /// <summary>A task whose model is slow and whose lock is long out of date.</summary>
    private async Task<Guid> SubmitSilentAsync(string key, string prompt)
    {
        _lab.FaultModel(prompt, "latency-2500ms");
        var task = await _lab.SubmitAsync(key, new { prompt });
        await Eventually.Async(() => _lab.Vertex.Calls == 1);
        await _lab.AgeLockAsync(key);
        return task;
    }

    private int UploadsOf(string key) => _lab.Gcs.Log.Count(call =>
        call.Operation == "storage.objects.insert.simple"
        && call.Name.Contains(Fixtures.Service.ObjectStemOf(key), StringComparison.Ordinal));

    private IReadOnlyList<StoredObject> ObjectsOf(string key) => _lab.Gcs.Objects.List(
        Fixtures.Service.Bucket, Fixtures.Service.Prefix + Fixtures.Service.ObjectStemOf(key));

    private async Task AssertConflictAsync(Guid task)
    {
        var body = await _lab.Client.WaitAsync(task);
        Assert.Equal("SUCCESS", body.GetProperty("status").GetString());
        Assert.Equal("PROCESSING_CONFLICT", body.GetProperty("result").GetProperty("status").GetString());
    }

    private static void AssertSucceeded(JsonElement body) =>
        Assert.True(body.GetProperty("result").TryGetProperty("image_url", out _), body.ToString());
}
