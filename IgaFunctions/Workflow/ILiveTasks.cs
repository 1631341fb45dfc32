namespace Iga.Workflow;

/// <summary>
/// The tasks that run in this process, where the engine knows: it is asked of those first, and the table of all others, most of which
/// have ended. Only the order depends on it.
/// </summary>
public interface ILiveTasks
{
    bool Contains(Guid taskId);
}
