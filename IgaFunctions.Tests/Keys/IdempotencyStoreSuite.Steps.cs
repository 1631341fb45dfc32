using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Keys;

/// <content>What a task does with its key on its way.</content>
public abstract partial class IdempotencyStoreSuite
{
    [Fact]
    public async Task A_confirmed_owner_has_its_ageing_lock_renewed()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        await ExecuteAsync($"update idempotency_keys set locked_at = now() - interval '{LockTimeout.TotalSeconds / 2} s'");

        Assert.IsType<Ownership.Owned>(await _store.ConfirmAsync(task, default));

        Assert.True(DateTime.UtcNow - (await ReadRowAsync("key")).LockedAt < LockTimeout / 3);
    }

    [Fact]
    public async Task What_is_staged_is_told_to_the_task_until_it_ends_and_to_nobody_else()
    {
        var task = NewTask("key");
        var staged = new StagedImage(3, "image/png", "png", "AAAAAA==");
        Assert.False(await _store.RecordStagedAsync(task, staged, default));
        await ClaimAsync(task);
        Assert.Equal(new Ownership.Owned(null), await _store.ConfirmAsync(task, default));

        Assert.False(await _store.RecordStagedAsync(NewTask("key"), staged, default));
        Assert.True(await _store.RecordStagedAsync(task, staged with { Size = 4 }, default));
        Assert.True(await _store.RecordStagedAsync(task, staged, default));

        Assert.Equal(new Ownership.Owned(staged), await _store.ConfirmAsync(task, default));
        await _store.FailAsync(task, new TaskError("task_failed", "x"), default);
        Assert.False(await _store.RecordStagedAsync(task, staged, default));
        var next = NewTask("key");
        await ClaimAsync(next);
        Assert.Equal(new Ownership.Owned(null), await _store.ConfirmAsync(next, default));
    }

    [Fact]
    public async Task A_paid_picture_is_added_to_its_callers_spend_once_whoever_has_the_key_by_then()
    {
        var task = NewTask("key") with { Caller = "a" };
        var first = new StagedImage(3, "image/png", "png", "AAAAAA==", new ImageOrigin("model-1", "1K"));
        await ClaimAsync(task);
        Assert.True(await _store.RecordPaidAsync(task, first, 0.25m, false, default));
        Assert.True(await _store.RecordPaidAsync(task, first with { Origin = null }, 0.25m, mayBeRecorded: true, default));
        Assert.True(await _store.RecordPaidAsync(task, first with { Crc32C = "BBBBBB==" }, 0.25m, mayBeRecorded: true, default));
        Assert.True(await _store.RecordStagedAsync(task, first with { Size = 5 }, default));
        Assert.False(await _store.RecordPaidAsync(NewTask("key") with { Caller = "b" }, first, 0.1m, true, default));
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var other = NewTask($"other-{i}");
            await ClaimAsync(other);
            await _store.RecordPaidAsync(other, first with { Origin = null }, 0.01m, false, default);
        }));

        Assert.Equal(
            " gemini-3.1-flash-image 50 0.50; a model-1 2 0.50; b model-1 1 0.1",
            await _dataSource.ScalarAsync<string>("""
                select string_agg(concat_ws(' ', caller, model, images, usd), '; ' order by caller)
                from (select caller, model, sum(images) as images, sum(usd) as usd from iga_spend group by caller, model) spent
                """));
    }

    [Fact]
    public async Task The_heir_of_a_stale_key_is_not_told_what_its_predecessor_has_staged()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        await _store.RecordStagedAsync(task, new StagedImage(3, "image/png", "png", "AAAAAA=="), default);
        await ExecuteAsync($"update idempotency_keys set locked_at = now() - interval '{LockTimeout.TotalSeconds * 2} s'");

        var heir = NewTask("key");
        await ClaimAsync(heir);

        Assert.Equal(new Ownership.Owned(null), await _store.ConfirmAsync(heir, default));
    }

    [Fact]
    public async Task Completing_writes_the_result_releases_the_lock_and_may_be_repeated()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        Assert.True(await _store.CompleteAsync(task, Result, default));
        Assert.True(await _store.CompleteAsync(task, Result, default));

        var row = await ReadRowAsync("key");
        Assert.Equal(("completed", null, null), (row.Status, row.LockedAt, row.Error));
        Assert.Equal(
            """{"image_url": "gs://b/o.png", "prompt_used": "p", "model_version": "vertex-ai-m"}""", row.Result);
        Assert.Equal(new Ownership.Completed(Result), await _store.ConfirmAsync(task, default));
        Assert.Equal(Result, (await _records.FindAsync(task.TaskId, default))!.Outcome!.Image);
    }

    [Fact]
    public async Task A_completed_key_can_not_fail_any_more()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        await _store.CompleteAsync(task, Result, default);

        Assert.False(await _store.FailAsync(task, new TaskError("task_failed", "x"), default));
        Assert.Equal("completed", (await ReadRowAsync("key")).Status);
    }

    [Fact]
    public async Task A_released_claim_leaves_nothing_behind()
    {
        var task = NewTask("key");
        await ClaimAsync(task);

        await _store.ReleaseAsync(task, default);

        Assert.Equal(0L, await _dataSource.ScalarAsync<long>("select count(*) from idempotency_keys where task_name = 'generate_image_vertex_ai_task'"));
    }

    [Fact]
    public async Task A_claim_that_somebody_else_has_begun_to_start_is_not_given_back()
    {
        var task = NewTask("key");
        await ClaimAsync(task);
        Assert.True(await _store.RenewLockAsync(task, default));

        await _store.ReleaseAsync(task, default);

        Assert.Equal("processing", (await ReadRowAsync("key")).Status);
    }
}
