using System.Collections.Concurrent;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>Wakes those who wait in this process for an instance that ends in this process.</summary>
internal sealed class CompletionSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = [];

    /// <summary>Completes when the instance next ends here. Only a hint: it may never complete.</summary>
    public Task Next(string instanceId) => _waiting.GetOrAdd(
        instanceId, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Signal(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out var signal))
        {
            signal.SetResult();
        }
    }

    /// <summary>Drops a signal that nobody may ever give; others who share it fall back on looking.</summary>
    public void Forget(string instanceId) => Signal(instanceId);
}
