namespace Iga.LocalHost.Durable.Worker;

/// <summary>
/// Too many instances have not ended (<see cref="DurableTaskOptions.MaxPendingInstances"/>): nothing was recorded, and the
/// same call may succeed later.
/// </summary>
public sealed class TaskHubSaturatedException(string message) : InvalidOperationException(message);
