namespace Iga.LocalHost.Runtime;

/// <summary>How an instance is started.</summary>
/// <param name="InstanceId">Its id; null means a new GUID.</param>
/// <param name="StartAt">When it may begin; null means at once.</param>
public sealed record StartOrchestrationOptions(string? InstanceId = null, DateTimeOffset? StartAt = null);
