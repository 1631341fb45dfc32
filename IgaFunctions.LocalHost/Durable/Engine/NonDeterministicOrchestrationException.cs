namespace Iga.LocalHost.Durable.Engine;

/// <summary>An orchestrator did something that a replay can't repeat. Its instance fails with this.</summary>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
