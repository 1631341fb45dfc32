using Iga.LocalHost.Durable.Worker;
using Iga.Workflow;

namespace Iga.LocalHost.Host;

/// <summary>The tasks whose orchestrations this process runs.</summary>
internal sealed class LiveTasks(InstanceRegistry registry) : ILiveTasks
{
    public bool Contains(Guid taskId) => registry.Runs(taskId.ToString());
}
