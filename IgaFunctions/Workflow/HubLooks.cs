using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Iga.Workflow;

/// <summary>
/// What the task hub says of tasks, kept for a second: however many callers poll a task, and however often, its storage is asked once a
/// second in this process.
/// </summary>
public sealed class HubLooks : IDisposable
{
    /// <summary>How old an answer may be.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    /// <summary>Some back ends' clients heed no token while their storage is down; their look is then given up by all who share it.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(4);

    /// <summary>Beyond so many tasks answers are not kept.</summary>
    private const int Most = 50_000;

    private readonly MemoryCache _looks = new(Options.Create(new MemoryCacheOptions { SizeLimit = Most }));

    /// <returns>Null where the hub knows no such instance.</returns>
    /// <exception cref="OperationCanceledException">It has not answered in time.</exception>
    public async Task<OrchestrationMetadata?> FindAsync(DurableTaskClient client, Guid taskId, CancellationToken cancellationToken)
    {
        if (!_looks.TryGetValue(taskId, out Task<OrchestrationMetadata?>? look))
        {
            look = LookAsync(client, taskId);
            using var entry = _looks.CreateEntry(taskId).SetSize(1).SetAbsoluteExpiration(Lifetime);
            entry.Value = look;
        }

        try
        {
            return await look!.WaitAsync(cancellationToken);
        }
        catch when (look!.IsFaulted || look.IsCanceled)
        {
            _looks.Remove(taskId); // who asks next asks the hub
            throw;
        }
    }

    public void Dispose() => _looks.Dispose();

    private static Task<OrchestrationMetadata?> LookAsync(DurableTaskClient client, Guid taskId)
    {
        // Neither the request's scope nor its end is those of who share the look.
        using var _ = ExecutionContext.SuppressFlow();
        return Task.Run(async () =>
        {
            using var limit = new CancellationTokenSource(Longest);
            return await client.GetInstanceAsync(taskId.ToString(), getInputsAndOutputs: true, limit.Token).WaitAsync(limit.Token);
        });
    }
}
