using Iga.Workflow;

namespace Iga.Tests.Determinism;

/// <summary>
/// Tasks that an earlier version of the workflow began are finished by today's: their recorded histories lead it the same way.
/// </summary>
public sealed class RecordedHistoryTests
{
    public static TheoryData<string> Files =>
    [
        .. Directory.EnumerateFiles(RecordedHistory.Directory, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RecordedHistory.Directory, file)).Order(),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_task_goes_the_way_that_it_went(string file)
    {
        var recorded = RecordedHistory.Load(file);

        Assert.Empty(ReplayedHistory.Differences(recorded, ReplayedHistory.Of(recorded)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_task_that_was_caught_at_any_event_goes_on_as_it_went(string file)
    {
        var recorded = RecordedHistory.Load(file);

        for (var told = 0; told < recorded.Events.Count; told++)
        {
            var part = recorded with { Events = [.. recorded.Events.Take(told)], Output = null };
            Assert.Empty(ReplayedHistory.Differences(part, ReplayedHistory.Of(part)));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_recorded_failure_has_no_stack_trace_which_would_name_folders_of_the_machine_that_recorded_it(string file) =>
        Assert.DoesNotContain("\"StackTrace\": \"", File.ReadAllText(Path.Combine(RecordedHistory.Directory, file)), StringComparison.Ordinal);

    [Fact]
    public void Every_way_through_the_workflow_is_recorded()
    {
        Assert.Empty(HistoryRecorder.Paths.Select(path => RecordedHistory.FileOf(ImageWorkflow.Name, path)).Except(Files.Select(row => row.Data)));
        Assert.Empty(WebhookHistoryRecorder.Files.Except(Files.Select(row => row.Data)));
    }
}
