namespace Iga.Workflow;

/// <summary>
/// The states of many tasks in flight at once, for lists of them. The table knows only that they are in flight; the engine knows more.
/// </summary>
public interface ITaskStates
{
    /// <returns>
    /// The status of each task that the engine knows of, as <see cref="TaskState.Status"/>. One that is not there reads as PENDING: it has
    /// not been started yet, or the engine did not say in time.
    /// </returns>
    Task<IReadOnlyDictionary<Guid, string>> FindAsync(
        DurableTaskClient client, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);
}
