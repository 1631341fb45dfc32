using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Determinism;

/// <summary>A task that an earlier version of the service started, under the name that its workflow had, is served like any other.</summary>
public sealed class EarlierVersionTests : IAsyncLifetime
{
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private OwnService _service = null!;

    public async ValueTask InitializeAsync() => _service = await OwnService.StartAsync();

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [MemberData(nameof(Orchestrators))]
    public async Task A_task_of_any_version_ends_with_its_one_image(string orchestrator)
    {
        var task = await Claims.LeaveAsync(_service, _key, _prompt);

        await _service.Hub.ScheduleNewOrchestrationInstanceAsync(
            orchestrator, task, new StartOrchestrationOptions(task.InstanceId));

        await Claims.AssertOneImageAsync(_service, task.TaskId, _key, _prompt);
    }

    /// <summary>Those of which there are recorded histories.</summary>
    public static TheoryData<string> Orchestrators =>
        [.. Directory.EnumerateDirectories(RecordedHistory.Directory).Select(directory => Path.GetFileName(directory)).Order()];
}
