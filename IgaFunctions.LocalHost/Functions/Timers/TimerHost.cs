using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Durable.Worker;

namespace Iga.LocalHost.Functions.Timers;

/// <summary>Runs timer functions on their schedules: each occurrence once, however many processes there are.</summary>
internal sealed class TimerHost(
    FunctionCatalog catalog,
    TimerStore store,
    DatabaseOutage outage,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<TimerHost> logger) : BackgroundService
{
    private static readonly TimeSpan PastDue = TimeSpan.FromSeconds(1);

    private readonly (FunctionDescriptor Function, TimerSchedule Schedule)[] _timers =
        [.. catalog.StartedBy(FunctionTrigger.Timer).Select(f => (f, ScheduleOf(f)))];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_timers.Select(t => RunAsync(t.Function, t.Schedule, stoppingToken)));

    private async Task RunAsync(FunctionDescriptor function, TimerSchedule schedule, CancellationToken stopping)
    {
        while (true)
        {
            var occurrence = schedule.Next(time.GetUtcNow().UtcDateTime);
            await WaitUntilAsync(occurrence, stopping);
            try
            {
                if (await store.TryTakeAsync(function.Name, occurrence, stopping))
                {
                    await InvokeAsync(function, schedule, occurrence, stopping);
                }
            }
            catch (Exception exception) when (exception.IsDatabaseFault())
            {
                // The occurrence is left out: the next one comes.
                outage.Report(exception);
            }
        }
    }

    private async Task InvokeAsync(
        FunctionDescriptor function, TimerSchedule schedule, DateTime occurrence, CancellationToken stopping)
    {
        var now = time.GetUtcNow().UtcDateTime;
        TimerInfo timer = new()
        {
            IsPastDue = now - occurrence > PastDue,
            ScheduleStatus = new() { Last = occurrence, Next = schedule.Next(now), LastUpdated = now },
        };
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await function.InvokeAsync(new(scope.ServiceProvider, timer, stopping));
        }
        catch (Exception exception)
        {
            if (!stopping.IsCancellationRequested)
            {
                logger.LogError(exception, "Timer function {Function} failed", function.Name);
            }
        }
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken stopping)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using DurableTimer timer = new(time, due, () => reached.TrySetResult());
        await reached.Task.WaitAsync(stopping);
    }

    private static TimerSchedule ScheduleOf(FunctionDescriptor function)
    {
        var text = ((TimerTriggerAttribute)function.TriggerAttribute).Schedule;
        try
        {
            return TimerSchedule.Parse(text);
        }
        catch (FormatException wrong)
        {
            throw function.Invalid(wrong.Message);
        }
    }
}
