using Iga.LocalHost.Durable.Store;
using Iga.Workflow;

namespace Iga.LocalHost.Host;

/// <summary>The local runtime has the states of all tasks in one table, and tells them in one statement.</summary>
internal sealed class InstanceTaskStates(InstanceQueries instances) : ITaskStates
{
    public async Task<IReadOnlyDictionary<Guid, string>> FindAsync(
        DurableTaskClient client, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var found = await instances.FindStatesAsync([.. ids.Select(id => id.ToString())], cancellationToken);
        return found.ToDictionary(instance => Guid.Parse(instance.InstanceId), TaskState.StatusInFlight);
    }
}
