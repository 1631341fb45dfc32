using Microsoft.Extensions.Logging;

namespace Iga.Tests.Durable;

/// <summary>Orchestrators and activities that most tests use.</summary>
internal sealed class BasicFunctions(Scene scene)
{
    public sealed record Pair(string Left, int Right);

    [Function("Sum")]
    public static async Task<int> SumAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var sum = 0;
        var logger = context.CreateReplaySafeLogger("Sum");
        foreach (var number in context.GetInput<int[]>()!)
        {
            sum += await context.CallActivityAsync<int>("Echo", number);
            logger.LogInformation("sum is now {Sum}", sum);
        }

        return sum;
    }

    [Function("FanOut")]
    public static async Task<int> FanOutAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var numbers = Enumerable.Range(1, context.GetInput<int>());
        var results = await Task.WhenAll(numbers.Select(n => context.CallActivityAsync<int>("Echo", n)));
        return results.Sum();
    }

    [Function("Gate")]
    public static async Task<string> GateAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var door = context.GetInput<string>()!;
        var pair = await context.CallActivityAsync<Pair>("Wait", door);
        return $"{pair.Left}{pair.Right}";
    }

    [Function("TwoGates")]
    public static async Task<string> TwoGatesAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var door = context.GetInput<string>()!;
        context.SetCustomStatus("first");
        await context.CallActivityAsync<Pair>("Wait", $"{door}-1");
        context.SetCustomStatus("second");
        await context.CallActivityAsync<Pair>("Wait", $"{door}-2");
        return "through";
    }

    [Function("Fails")]
    public static async Task<string> FailsAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        try
        {
            await context.CallActivityAsync("Throw", context.GetInput<string>());
            return "no exception";
        }
        catch (TaskFailedException failed) when (failed.FailureDetails.IsCausedBy<IOException>())
        {
            var details = failed.FailureDetails;
            return $"{failed.TaskName} #{failed.TaskId}: {details.ErrorType}: {details.ErrorMessage}: {details.StackTrace}";
        }
    }

    [Function("Sleep")]
    public static async Task<string> SleepAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var started = context.CurrentUtcDateTime;
        var fireAt = started.AddSeconds(context.GetInput<double>());
        context.SetCustomStatus(new { waiting = true });
        await context.CreateTimer(fireAt, CancellationToken.None);
        context.SetCustomStatus(null);
        return $"{context.CurrentUtcDateTime >= fireAt} {context.CurrentUtcDateTime.Kind} {started:O}";
    }

    [Function("Race")]
    public static async Task<string> RaceAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancel = new();
        var timer = context.CreateTimer(TimeSpan.FromDays(100), cancel.Token);
        var winner = await Task.WhenAny(timer, context.CallActivityAsync<int>("Echo", 1));
        cancel.Cancel(); // CancelAsync would leave the orchestrator's own steps.
        await context.CallActivityAsync<int>("Echo", 2);
        return $"{winner == timer} {timer.IsCanceled}";
    }

    [Function("Echo")]
    public int Echo([ActivityTrigger] int number)
    {
        scene.Pass("echo");
        return number;
    }

    [Function("Wait")]
    public async Task<Pair> WaitAsync([ActivityTrigger] string door, CancellationToken cancellationToken)
    {
        await scene.WaitAsync(door, cancellationToken);
        return new Pair(door, 7);
    }

    [Function("Throw")]
    public static Task ThrowAsync([ActivityTrigger] string message) => throw new FileNotFoundException(message);
}
