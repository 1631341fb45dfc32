namespace Iga.LocalHost.Runtime;

/// <summary>Options of a durable task. None are offered: orchestrators own their retries.</summary>
public record TaskOptions;
