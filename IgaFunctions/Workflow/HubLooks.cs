using System.Diagnostics;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Iga.Workflow;

/// <summary>
/// What the task hub says of tasks, kept for a second: however many callers poll a task, and however often, its storage is asked once a
/// second in this process, and less often where it is slow to answer, so that who looks does not keep it from its work.
/// </summary>
public sealed class HubLooks(TimeProvider time) : IDisposable
{
    /// <summary>After an answer the hub is not asked for the same task for so many times as long as that took.</summary>
    private const int RestAfterLook = 20;

    /// <summary>Beyond so many tasks answers are not kept.</summary>
    private const int Most = 50_000;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    /// <summary>Some back ends' clients heed no token while their storage is down; their look is then given up by all who share it.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    private readonly MemoryCache _looks = new(Options.Create(new MemoryCacheOptions { SizeLimit = Most }));

    /// <returns>Null where the hub knows no such instance.</returns>
    /// <exception cref="OperationCanceledException">It has not answered in time.</exception>
    public Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, Guid taskId, CancellationToken cancellationToken)
    {
        if (!_looks.TryGetValue(taskId, out Look? look) || look!.IsOver)
        {
            look = new Look(client, taskId, time);
            _looks.Set(
                taskId, look, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Timeout + LongestRest });
        }

        return look.Answer.WaitAsync(cancellationToken);
    }

    public void Dispose() => _looks.Dispose();

    private sealed class Look
    {
        private readonly TimeProvider _time;
        private readonly long _began;
        private long _ended;

        public Look(DurableTaskClient client, Guid taskId, TimeProvider time)
        {
            (_time, _began) = (time, time.GetTimestamp());

            // Neither the request's scope nor its end is those of who share the look; its trace shows who was the first to ask.
            var trace = Activity.Current;
            using var _ = ExecutionContext.SuppressFlow();
            Answer = Task.Run(() =>
            {
                Activity.Current = trace;
                return AskAsync(client, taskId);
            });
        }

        public Task<OrchestrationMetadata?> Answer { get; }

        /// <summary>Whether who asks next asks the hub again: at once after a look that failed.</summary>
        public bool IsOver => Answer.IsCompleted && (!Answer.IsCompletedSuccessfully || _time.GetElapsedTime(_ended) >= Rest);

        private TimeSpan Rest => TimeSpan.FromTicks(
            Math.Clamp(_time.GetElapsedTime(_began, _ended).Ticks * RestAfterLook, ShortestRest.Ticks, LongestRest.Ticks));

        private async Task<OrchestrationMetadata?> AskAsync(DurableTaskClient client, Guid taskId)
        {
            using var limit = new CancellationTokenSource(Timeout);
            try
            {
                return await client.GetInstanceAsync(taskId.ToString(), getInputsAndOutputs: true, limit.Token).WaitAsync(limit.Token);
            }
            finally
            {
                _ended = _time.GetTimestamp();
            }
        }
    }
}
