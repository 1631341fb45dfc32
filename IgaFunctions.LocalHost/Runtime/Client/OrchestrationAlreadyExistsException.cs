namespace Iga.LocalHost.Runtime;

/// <summary>An instance with this id exists and has not ended.</summary>
public sealed class OrchestrationAlreadyExistsException(string message) : InvalidOperationException(message);
