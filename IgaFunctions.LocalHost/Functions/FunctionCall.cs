namespace Iga.LocalHost.Functions;

/// <summary>What one call of a function has to offer to its parameters.</summary>
/// <param name="Services">Where the function's class and the durable client come from.</param>
/// <param name="Trigger">
/// The <see cref="HttpRequest"/>, <see cref="TaskOrchestrationContext"/> or <see cref="TimerInfo"/>; for an activity its
/// input as JSON.
/// </param>
internal sealed record FunctionCall(IServiceProvider Services, object? Trigger, CancellationToken Cancellation);
