using System.Globalization;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>Orchestrations of a few lines, each about one thing that an engine gives a meaning to.</summary>
internal static class SmallOrchestrations
{
    public static SmallFunctions All(Scene scene) => new SmallFunctions()
        .Activity<string?>("Say", text => Task.FromResult<object?>(text))
        .Activity<int>("Double", number => Task.FromResult<object?>(2 * number))
        .Activity<string>("Throw", message => throw new InvalidOperationException(
            message, new FileNotFoundException("no file", new TimeoutException("too late"))))
        .Activity<string>("WaitAt", async door =>
        {
            await scene.WaitAsync(door, CancellationToken.None);
            return null;
        })
        .Orchestrator<string>("Sequence", SequenceAsync)
        .Orchestrator<int[]>("Parallel", async context =>
            await Task.WhenAll(context.GetInput<int[]>()!.Select(number => context.CallActivityAsync<int>("Double", number))))
        .Orchestrator<object>("NoResults", NoResultsAsync)
        .Orchestrator<object>("WrongType", context => CaughtAsync(() => context.CallActivityAsync<int>("Say", "no number")))
        .Orchestrator<object>("NoNumber", context => CaughtAsync(() => context.CallActivityAsync<int>("Double")))
        .Orchestrator<string>("Catches", CatchesAsync)
        .Orchestrator<string>("LetsThrough", LetsThroughAsync)
        .Orchestrator<string>("Throws", context =>
            throw new InvalidOperationException(context.GetInput<string>(), new TimeoutException("too late")))
        .Orchestrator<object>("CallsNobody", context => CaughtAsync(() => context.CallActivityAsync("Nobody")))
        .Orchestrator<object>("OptionsForInput", context =>
            CaughtAsync(() => context.CallActivityAsync("Say", input: new TaskOptions())))
        .Orchestrator<double>("Timer", TimerAsync)
        .Orchestrator<object>("UnspecifiedTime", UnspecifiedTimeAsync)
        .Orchestrator<object>("CancelledTimer", CancelledTimerAsync)
        .Orchestrator<object>("CancelledBefore", context =>
            CaughtAsync(() => context.CreateTimer(TimeSpan.FromDays(1), new CancellationToken(canceled: true))))
        .Orchestrator<object>("OpenTimer", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
            return Task.FromResult<object?>("done");
        })
        .Orchestrator<string>("ForeignTask", async context =>
        {
            await scene.WaitAsync(context.GetInput<string>()!, CancellationToken.None);
            return "done";
        })
        .Orchestrator<object>("Guids", GuidsAsync)
        .Orchestrator<string>("MissingText", context => Task.FromResult<object?>(context.GetInput<string>() ?? "nothing"))
        .Orchestrator<int>("MissingNumber", context => Task.FromResult<object?>(context.GetInput<int>()))
        .Orchestrator<int?>("MissingOptionalNumber", context => Task.FromResult<object?>(context.GetInput<int?>()?.ToString(CultureInfo.InvariantCulture) ?? "nothing"))
        .Orchestrator<string[]>("Status", StatusAsync)
        .Orchestrator<string>("ChangedStatus", ChangedStatusAsync)
        .Orchestrator<string>("Gate", async context =>
        {
            await context.CallActivityAsync("WaitAt", context.GetInput<string>());
            return "through";
        });

    private static async Task<object?> SequenceAsync(TaskOrchestrationContext context)
    {
        var first = await context.CallActivityAsync<string>("Say", context.GetInput<string>());
        var second = await context.CallActivityAsync<int>("Double", first.Length);
        var third = await context.CallActivityAsync<string>("sAY", $"{first} {second}");
        return third + (context.IsReplaying ? " (replaying)" : "");
    }

    private static async Task<object?> NoResultsAsync(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Double", 4);
        var text = await context.CallActivityAsync<string?>("Say");
        var number = await context.CallActivityAsync<int?>("Say");
        return $"{text ?? "nothing"}, {number?.ToString(CultureInfo.InvariantCulture) ?? "nothing"}";
    }

    private static async Task<object?> CatchesAsync(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Double", 1);
        try
        {
            await context.CallActivityAsync("Throw", context.GetInput<string>());
            return null;
        }
        catch (TaskFailedException failed)
        {
            var isCause = failed.FailureDetails.IsCausedBy<InvalidOperationException>();
            return $"{failed.TaskName} #{failed.TaskId} {isCause} | {failed.Message} | {Seen.Chain(failed.FailureDetails)}";
        }
    }

    private static async Task<object?> LetsThroughAsync(TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Throw", context.GetInput<string>());
        return null;
    }

    private static async Task<object?> TimerAsync(TaskOrchestrationContext context)
    {
        var fireAt = context.CurrentUtcDateTime.AddSeconds(context.GetInput<double>());
        await context.CreateTimer(fireAt, CancellationToken.None);
        return $"{context.CurrentUtcDateTime >= fireAt} {context.CurrentUtcDateTime.Kind}";
    }

    private static async Task<object?> UnspecifiedTimeAsync(TaskOrchestrationContext context)
    {
        var local = DateTime.SpecifyKind(context.CurrentUtcDateTime.ToLocalTime().AddMilliseconds(50), DateTimeKind.Unspecified);
        await context.CreateTimer(local, CancellationToken.None);
        return context.CurrentUtcDateTime >= local.ToUniversalTime();
    }

    private static async Task<object?> CancelledTimerAsync(TaskOrchestrationContext context)
    {
        using CancellationTokenSource cancel = new();
        var timer = context.CreateTimer(TimeSpan.FromDays(100), cancel.Token);
        var winner = await Task.WhenAny(timer, context.CallActivityAsync<int>("Double", 1));
        cancel.Cancel(); // CancelAsync would leave the orchestrator's own steps.
        return $"{winner == timer} {await CaughtAsync(() => timer)}";
    }

    private static async Task<object?> GuidsAsync(TaskOrchestrationContext context)
    {
        string Next() => $"{context.InstanceId}_{context.CurrentUtcDateTime:O}={context.NewGuid()}";
        string[] before = [Next(), Next()];
        var echoed = await context.CallActivityAsync<string>("Say", before[0]);
        return new[] { before[0], before[1], Next(), echoed };
    }

    /// <summary>Shows one status after the other, with an activity in between; an empty text stands for null.</summary>
    private static async Task<object?> StatusAsync(TaskOrchestrationContext context)
    {
        foreach (var status in context.GetInput<string[]>()!)
        {
            context.SetCustomStatus(status.Length == 0 ? null : status);
            await context.CallActivityAsync("Double", 1);
        }

        return null;
    }

    private static async Task<object?> ChangedStatusAsync(TaskOrchestrationContext context)
    {
        List<string> status = ["set"];
        context.SetCustomStatus(status);
        status.Add("changed");
        await context.CallActivityAsync("WaitAt", context.GetInput<string>());
        status.Add("changed again");
        return null;
    }

    private static async Task<object?> CaughtAsync(Func<Task> step)
    {
        try
        {
            await step();
            return "nothing thrown";
        }
        catch (TaskFailedException failed)
        {
            return $"{failed.GetType()} <- {Seen.Chain(failed.FailureDetails)}";
        }
        catch (Exception exception)
        {
            return exception.GetType().ToString();
        }
    }
}
