using Iga.Postgres;

namespace Iga.Tests.Postgres;

public sealed class LatencyBoundBatcherTests() : BatcherTests(isLatencyBound: true)
{
    [Fact]
    public async Task A_lone_call_waits_for_no_thread_neither_to_begin_nor_to_go_on()
    {
        await (await Database.OpenConnectionAsync()).DisposeAsync(); // from now on one lies ready
        var answer = new TaskCompletionSource<IReadOnlyList<int>>();
        var began = 0;
        var batcher = new Batcher<string, int>(
            Database,
            (_, _, _) =>
            {
                began = Environment.CurrentManagedThreadId;
                return answer.Task;
            },
            isLatencyBound: true);

        var call = batcher.RunAsync("item", default);
        var beganOn = began;
        var wentOn = call.ContinueWith(
            _ => Environment.CurrentManagedThreadId, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        var thread = Environment.CurrentManagedThreadId;
        answer.SetResult([1]);

        Assert.Equal(thread, beganOn);
        Assert.True(wentOn.IsCompletedSuccessfully);
        Assert.Equal(thread, await wentOn);
    }
}
