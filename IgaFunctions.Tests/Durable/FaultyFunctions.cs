namespace Iga.Tests.Durable;

/// <summary>Orchestrators that break the rules.</summary>
internal sealed class FaultyFunctions
{

    [Function("Random")]
    public static async Task RandomAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Work", Guid.NewGuid());
        await context.CallActivityAsync("Work");
    }

    [Function("Delays")]
    public static async Task DelaysAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Work");
        await Task.Delay(1);
        await context.CallActivityAsync("Work");
    }

    [Function("Yields")]
    public static async Task YieldsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await Task.Yield();
        await context.CallActivityAsync("Work");
    }

    [Function("DelaysBeside")]
    public static async Task DelaysBesideAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var timer = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        await Task.Delay(1);
        await timer;
    }

    [Function("LeavesItsThread")]
    public static async Task LeavesItsThreadAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var timer = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        await Task.Delay(1).ConfigureAwait(false);
        await context.CallActivityAsync("Work");
        await timer;
    }

    [Function("Throws")]
    public static Task ThrowsAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        throw new InvalidOperationException($"no {context.GetInput<string>()}");

    [Function("Unhandled")]
    public static Task UnhandledAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        context.CallActivityAsync("Missing");

    [Function("Work")]
    public static void Work([ActivityTrigger] object? input) => _ = input;
}
