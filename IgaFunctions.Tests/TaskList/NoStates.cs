using Iga.Workflow;

namespace Iga.Tests.TaskList;

/// <summary>An engine that knows no task.</summary>
internal sealed class NoStates : ITaskStates
{
    public Task<IReadOnlyDictionary<Guid, string>> FindAsync(
        DurableTaskClient client, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<Guid, string>>(new Dictionary<Guid, string>());
}
