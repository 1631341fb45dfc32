using Iga.Images;
using Iga.Keys;
using Iga.Tasks;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Keys;

/// <summary>What is kept of a task's course: each call once, however often it is written, and not without end.</summary>
public sealed class TaskRunsTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private static readonly DateTime Start = new(2026, 11, 29, 10, 0, 0, DateTimeKind.Utc);

    private readonly OwnService _service = fixture.Service;

    [Fact]
    public async Task Calls_are_kept_once_each_in_their_order_and_at_most_the_last_ones()
    {
        var task = await Claims.LeaveAsync(_service, Caller.NewKey(), "a lighthouse");
        var store = _service.Get<IdempotencyStore>();
        var calls = Enumerable.Range(0, TaskAttempt.MostKept + 5).Select(Call).ToArray();
        foreach (var pair in calls[..^1].Chunk(2))
        {
            Assert.True(await store.RecordAttemptsAsync(task, new TaskRun(Start, pair), default));
            Assert.True(await store.RecordAttemptsAsync(task, new TaskRun(Start.AddHours(1), pair), default)); // its answer was lost
        }

        var image = new StagedImage(400, "image/png", "png", "AAAAAA==");
        Assert.True(await store.RecordStagedAsync(task, image, default, new TaskRun(Start, [calls[^1]])));

        var report = await _service.Get<TaskReports>().FindAsync(task.TaskId, default);

        Assert.Equal(calls[^TaskAttempt.MostKept..], report!.Attempts);
        Assert.Equal(Start, report.StartedAt!.Value.UtcDateTime);
        Assert.Equal(image, report.Image);
    }

    [Fact]
    public async Task What_a_task_failed_of_at_last_is_written_with_its_end()
    {
        var task = await Claims.LeaveAsync(_service, Caller.NewKey(), "a lighthouse");
        var store = _service.Get<IdempotencyStore>();
        await store.RecordAttemptsAsync(task, new TaskRun(Start, [Call(1)]), default);

        Assert.True(await store.FailAsync(task, new TaskError("quota_exhausted", "no"), default, new TaskRun(Start, [Call(2)])));

        var report = await _service.Get<TaskReports>().FindAsync(task.TaskId, default);
        Assert.Equal([Call(1), Call(2)], report!.Attempts);
        Assert.NotNull(report.EndedAt);
    }

    [Fact]
    public void What_a_model_said_is_cut_and_its_time_told_in_milliseconds()
    {
        var attempt = TaskAttempt.Of("a model", Start.AddTicks(12_345_678), TimeSpan.FromSeconds(1.23456), "no_image_returned", new string('x', 5000));

        Assert.Equal(500, attempt.Fault!.Message.Length);
        Assert.Equal((Start.AddMilliseconds(1234), 1.235), (attempt.At, attempt.Seconds));
    }

    private static TaskAttempt Call(int number) =>
        TaskAttempt.Of("a model", Start.AddSeconds(number), TimeSpan.FromSeconds(1), "model_unavailable", $"call {number}");
}
