using System.Text.Json;
using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Iga.LocalHost.Functions;
using Iga.LocalHost.Functions.Orchestrations;
using Iga.Workflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Determinism;

/// <summary>Runs today's workflow over recorded events, as the runtime does when it takes a task over.</summary>
internal static class ReplayedHistory
{
    private static readonly CatalogFunctions Functions = OfTheApp();

    /// <summary>What today's code asks for and shows when it is told the same.</summary>
    public static RecordedHistory Of(
        string path, InstanceRow row, IReadOnlyList<HistoryEvent> events)
    {
        var run = Begin(row);
        var start = RestOf(run);
        List<RecordedHistory.Event> told = [];
        foreach (var happened in events)
        {
            run.Apply(happened, replaying: true);
            told.Add(new RecordedHistory.Event(
                happened.TaskId, happened.Kind.ToText(), happened.Name, RecordedHistory.Parse(happened.Payload), happened.At,
                RestOf(run)));
        }

        Assert.True(run.Outcome is null or { Failure: null }, run.Outcome?.Failure?.ToString());
        return new RecordedHistory(
            path, row.Name, row.InstanceId, row.StartedAt, RecordedHistory.Parse(row.Input)!.Value, start, told,
            RecordedHistory.Parse(run.Outcome?.Output));
    }

    public static RecordedHistory Of(RecordedHistory recorded) => Of(
        recorded.Path,
        new InstanceRow(
            recorded.InstanceId, Guid.Empty, recorded.Orchestrator, RecordedHistory.Text(recorded.Input), null, recorded.StartedAt,
            recorded.Events.Count),
        [
            .. recorded.Events.Select((happened, index) => new HistoryEvent(
                index + 1, happened.TaskId, HistoryEventKinds.Parse(happened.Kind), happened.Name,
                RecordedHistory.Text(happened.Payload), happened.At)),
        ]);

    /// <returns>Every difference that would break or change a running task, in words.</returns>
    public static IEnumerable<string> Differences(RecordedHistory recorded, RecordedHistory today) =>
    [
        .. Differences("after the start", recorded.Start, today.Start),
        .. recorded.Events.Zip(today.Events).SelectMany((pair, index) => Differences(
            $"after event {index + 1} ({pair.First.Name} {pair.First.Kind})", pair.First.Then, pair.Second.Then)),
        .. Covers(recorded.Output, today.Output) ? Array.Empty<string>() : [$"it ends in {today.Output}, not in {recorded.Output}"],
    ];

    private static OrchestrationExecution Begin(InstanceRow row)
    {
        var code = Functions.FindOrchestrator(row.Name);
        Assert.True(code is not null, $"there is no orchestrator '{row.Name}' any more; running tasks need it");
        OrchestrationExecution run = new(row, code, NullLoggerFactory.Instance, () => Assert.Fail("the orchestrator left its thread"));
        run.Start(replaying: true);
        return run;
    }

    private static CatalogFunctions OfTheApp()
    {
        var services = new ServiceCollection().BuildServiceProvider();
        return new CatalogFunctions(
            FunctionCatalog.Of(typeof(ImageWorkflow).Assembly), services, services.GetRequiredService<IServiceScopeFactory>());
    }

    private static RecordedHistory.Rest RestOf(OrchestrationExecution run) => new(
        [
            .. run.Pending.Values.OrderBy(task => task.Id).Select(task => task switch
            {
                PendingTask.Activity activity =>
                    new RecordedHistory.Asked(task.Id, task.Name, RecordedHistory.Parse(activity.Input)),
                PendingTask.Timer timer => new RecordedHistory.Asked(task.Id, task.Name, FireAt: timer.FireAt),
                _ => new RecordedHistory.Asked(task.Id, task.Name),
            }),
        ],
        run.CustomStatus);

    private static IEnumerable<string> Differences(string when, RecordedHistory.Rest recorded, RecordedHistory.Rest today)
    {
        if (recorded.CustomStatus != today.CustomStatus)
        {
            yield return $"{when} it shows {today.CustomStatus ?? "nothing"}, not {recorded.CustomStatus ?? "nothing"}";
        }

        if (recorded.WaitsFor.Count != today.WaitsFor.Count
            || !recorded.WaitsFor.Zip(today.WaitsFor).All(pair => IsSame(pair.First, pair.Second)))
        {
            yield return $"{when} it waits for [{string.Join(", ", today.WaitsFor)}], not for [{string.Join(", ", recorded.WaitsFor)}]";
        }
    }

    private static bool IsSame(RecordedHistory.Asked recorded, RecordedHistory.Asked today) =>
        recorded.TaskId == today.TaskId && recorded.Name == today.Name && recorded.FireAt == today.FireAt
        && Covers(recorded.Input, today.Input);

    /// <summary>
    /// Whether today's value says all that the recorded one said. More fields are fine: activities of today read them.
    /// </summary>
    private static bool Covers(JsonElement? recorded, JsonElement? today) => (recorded, today) switch
    {
        (null, null) => true,
        ({ ValueKind: JsonValueKind.Object } fields, { ValueKind: JsonValueKind.Object } all) => fields.EnumerateObject().All(field =>
            Covers(field.Value, all.TryGetProperty(field.Name, out var value) ? value : null)),
        ({ ValueKind: JsonValueKind.Null }, null) => true,
        ({ } one, { } other) => JsonElement.DeepEquals(one, other),
        _ => false,
    };
}
