namespace Iga.LocalHost.Runtime;

/// <summary>Marks the <see cref="TaskOrchestrationContext"/> parameter of an orchestrator.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class OrchestrationTriggerAttribute : Attribute;
