using Iga.Keys;
using Iga.Tasks;

namespace Iga.Tests.Keys;

/// <content>The claim.</content>
public abstract partial class IdempotencyStoreSuite
{
    [Fact]
    public async Task A_new_key_is_won_and_its_row_is_as_the_contract_says()
    {
        var task = NewTask("key-1") with { WorkflowId = "workflow-7" };

        Assert.Equal(new Claim.Won(task.TaskId), await ClaimAsync(task));

        var row = await ReadRowAsync("key-1");
        Assert.Equal("generate_image_vertex_ai_task", row.TaskName);
        Assert.Equal("workflow-7", row.WorkflowId);
        Assert.Equal("processing", row.Status);
        Assert.Equal(task.TaskId, row.TaskId);
        Assert.NotNull(row.LockedAt);
        Assert.Null(row.Result);
        Assert.Null(row.Error);
    }

    [Fact]
    public async Task The_same_request_is_answered_with_the_same_task_in_flight_and_completed()
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        Assert.Equal(new Claim.Replayed(first.TaskId, InFlight: true), await ClaimAsync(NewTask("key")));

        Assert.True(await _store.CompleteAsync(first, Result, CancellationToken.None));
        Assert.Equal(new Claim.Replayed(first.TaskId, InFlight: false), await ClaimAsync(NewTask("key")));
    }

    [Theory]
    [InlineData("processing")]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("stale")]
    public async Task Another_request_under_the_key_is_refused_and_changes_nothing(string state)
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        await BringToAsync(first, state);
        var before = await ReadRowAsync("key");

        Assert.Equal(new Claim.Reused(first.TaskId), await ClaimAsync(NewTask("key", prompt: "another")));

        Assert.Equal(before, await ReadRowAsync("key"));
    }

    [Fact]
    public async Task A_failed_key_goes_to_a_new_task_and_the_failed_one_stays_readable()
    {
        var first = NewTask("key");
        await ClaimAsync(first);
        await _store.FailAsync(first, new TaskError("prompt_blocked", "No."), CancellationToken.None);

        var second = NewTask("key");
        Assert.Equal(new Claim.Won(second.TaskId, MayHaveObject: true), await ClaimAsync(second));

        var row = await ReadRowAsync("key");
        Assert.Equal((second.TaskId, "processing", null), (row.TaskId, row.Status, row.Error));
        Assert.Equal("prompt_blocked", (await _records.FindAsync(first.TaskId, default))!.Outcome!.Error!.Type);
        Assert.Null((await _records.FindAsync(second.TaskId, default))!.Outcome);
    }

    [Fact]
    public async Task A_stale_lock_is_taken_over_and_the_old_task_can_write_nothing_more()
    {
        var old = NewTask("key");
        await ClaimAsync(old);
        await BringToAsync(old, "stale");

        var heir = NewTask("key");
        Assert.Equal(new Claim.Won(heir.TaskId, MayHaveObject: true), await ClaimAsync(heir));

        Assert.False(await _store.CompleteAsync(old, Result, default));
        Assert.False(await _store.FailAsync(old, new TaskError("task_failed", "x"), default));
        Assert.False(await _store.RenewLockAsync(old, default));
        Assert.IsType<Ownership.Lost>(await _store.ConfirmAsync(old, default));
        await _store.ReleaseAsync(old, default);
        Assert.Equal(heir.TaskId, (await ReadRowAsync("key")).TaskId);
        Assert.IsType<Ownership.Owned>(await _store.ConfirmAsync(heir, default));
        Assert.NotNull((await _records.FindAsync(old.TaskId, default))!.Outcome!.Conflict);
    }

    [Fact]
    public async Task A_claim_whose_answer_was_lost_is_still_won_when_it_is_repeated()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        Assert.Equal(new Claim.Won(task.TaskId, MayHaveObject: true), await ClaimAsync(task));
    }

    [Fact]
    public async Task A_fresh_row_that_no_task_of_ours_wrote_is_held_elsewhere_and_stays_as_it_is()
    {
        await InsertForeignAsync("key", "processing", age: "1 s");
        var before = await ReadRowAsync("key");
        var task = NewTask("key");

        Assert.Equal(new Claim.HeldElsewhere(), await ClaimAsync(task));

        Assert.IsType<Ownership.Lost>(await _store.ConfirmAsync(task, default));
        Assert.False(await _store.CompleteAsync(task, Result, default));
        Assert.Equal(before, await ReadRowAsync("key"));
    }

    [Theory]
    [InlineData("processing", "1 day")]
    [InlineData("failed", "1 s")]
    public async Task A_dead_row_that_no_task_of_ours_wrote_is_taken(string status, string age)
    {
        await InsertForeignAsync("key", status, age);
        var task = NewTask("key");

        Assert.Equal(new Claim.Won(task.TaskId, MayHaveObject: true), await ClaimAsync(task));
    }

    [Fact]
    public async Task A_result_that_the_replaced_system_left_is_the_keys_result()
    {
        await InsertForeignAsync("key", "completed", age: "1 day",
            """{"image_url": "gs://b/o.png", "prompt_used": "p", "model_version": "vertex-ai-m"}""");
        var task = NewTask("key");

        Assert.Equal(new Claim.HeldElsewhere(), await ClaimAsync(task));
        Assert.Equal(new Ownership.Completed(Result), await _store.ConfirmAsync(task, default));
    }

    [Theory]
    [InlineData("processing", true)]
    [InlineData("completed", true)]
    [InlineData("failed", false)]
    [InlineData("stale", false)]
    public async Task A_key_is_known_where_a_claim_would_start_nothing_new(string state, bool isKnown)
    {
        var task = NewTask("key");
        Assert.False(await _store.IsKnownAsync(task, default));
        await ClaimAsync(task);
        await BringToAsync(task, state);

        Assert.Equal(isKnown, await _store.IsKnownAsync(NewTask("key"), default));
        Assert.True(await _store.IsKnownAsync(NewTask("key", "another prompt"), default)); // It is answered as a reused one.

        await InsertForeignAsync("foreign", state == "stale" ? "processing" : state, "1 s", """{"image_url": "gs://b/o.png"}""");
        Assert.Equal(state == "completed", await _store.IsKnownAsync(NewTask("foreign"), default));
    }

    [Fact]
    public async Task A_key_claimed_fifty_times_at_once_starts_one_task()
    {
        ImageTask[] tasks = [.. Enumerable.Range(0, 50).Select(_ => NewTask("key"))];

        var claims = await Task.WhenAll(tasks.Select(task => Task.Run(() => ClaimAsync(task))));

        var winner = Assert.Single(claims.OfType<Claim.Won>());
        Assert.Equal(49, claims.Count(claim => claim == new Claim.Replayed(winner.TaskId, InFlight: true)));
    }
}
