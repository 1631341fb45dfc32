using Iga.LocalHost.Durable.Engine;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>Where the local runtime differs from the real engine on purpose. docs/two-engines.md has the table.</summary>
public sealed class DifferenceTests(EnginePair engines) : IClassFixture<EnginePair>
{
    public static TheoryData<string, StartOrchestrationOptions> Starts => new()
    {
        { "StartAt", Once.As("a") with { StartAt = DateTimeOffset.UtcNow } },
        { "Tags", Once.As("b") with { Tags = new Dictionary<string, string> { ["k"] = "v" } } },
        { "Version", Once.As("c") with { Version = "1.0" } },
        { "DedupeStatuses", new StartOrchestrationOptions("d") },
        { "DedupeStatuses", new StartOrchestrationOptions("e").WithDedupeStatuses() },
        {
            "DedupeStatuses", new StartOrchestrationOptions("f").WithDedupeStatuses(
                OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended)
        },
    };

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Starts))]
    public async Task An_option_of_a_start_that_is_not_kept_is_refused_here_and_taken_there(
        string option, StartOrchestrationOptions options)
    {
        var refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => engines.Local.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", options));

        Assert.Contains($"StartOrchestrationOptions.{option}", refused.Message, StringComparison.Ordinal);
        Assert.Null(await engines.Local.GetInstanceAsync(options.InstanceId!));
        Assert.Equal(options.InstanceId, await engines.Real.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", options));
    }

    [Fact]
    public async Task A_status_that_is_none_is_refused_by_both()
    {
        var options = new StartOrchestrationOptions("no status") { DedupeStatuses = ["Dreaming"] };
        foreach (var client in engines.Both)
        {
            await Assert.ThrowsAsync<ArgumentException>(
                () => client.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", options));
        }
    }

    [Fact]
    public async Task Ending_and_purging_what_an_instance_has_started_is_refused_here()
    {
        var refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => engines.Local.TerminateInstanceAsync("x", new TerminateInstanceOptions(null, Recursive: true)));
        Assert.Contains("TerminateInstanceOptions.Recursive", refused.Message, StringComparison.Ordinal);

        refused = await Assert.ThrowsAsync<NotSupportedException>(
            () => engines.Local.PurgeInstanceAsync("x", new PurgeInstanceOptions(Recursive: true)));
        Assert.Contains("PurgeInstanceOptions.Recursive", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public Task An_id_that_the_Functions_host_refuses_is_refused_here_too(string id) => Assert.ThrowsAsync<ArgumentException>(
        () => engines.Local.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", Once.As(id)));

    [Fact]
    public Task An_id_with_half_a_character_is_refused_here() => Assert.ThrowsAsync<ArgumentException>(
        () => engines.Local.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", Once.As($"half a {'\ud83d'}")));

    [Fact]
    public Task An_id_of_257_characters_is_refused_here_as_by_the_Functions_host() => Assert.ThrowsAsync<ArgumentException>(
        () => engines.Local.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", Once.As(new string('x', 257))));

    [Fact]
    public async Task Ids_that_differ_in_case_are_two_here_as_on_Azure_Storage_and_one_in_memory()
    {
        foreach (var client in engines.Both)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", Once.As("case"));
            await EnginePair.EndOfAsync(client, "case");
        }

        Assert.Null(await engines.Local.GetInstanceAsync("CASE"));
        Assert.NotNull(await engines.Real.GetInstanceAsync("CASE"));
    }

    [Fact]
    public async Task A_missing_input_of_a_value_type_is_its_default_here_as_in_Functions_and_an_exception_in_the_bare_worker()
    {
        var (local, real) = await engines.RunAsync("MissingNumber");

        Assert.Equal("0", local.SerializedOutput);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, real.RuntimeStatus);
    }

    [Fact]
    public async Task An_activity_that_does_not_exist_fails_here_in_words_of_ours()
    {
        var (local, real) = await engines.RunAsync("CallsNobody");

        Assert.Contains("There is no activity named 'Nobody'", Text(local), StringComparison.Ordinal);
        Assert.StartsWith("Microsoft.DurableTask.TaskFailedException", Text(local), StringComparison.Ordinal);
        Assert.StartsWith("Microsoft.DurableTask.TaskFailedException", Text(real), StringComparison.Ordinal);

        static string Text(OrchestrationMetadata end) => end.ReadOutputAs<string>()!;
    }

    [Fact]
    public async Task An_orchestrator_that_does_not_exist_is_refused_at_its_start_here()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => engines.Local.ScheduleNewOrchestrationInstanceAsync("Nobody"));
        Assert.NotEmpty(await engines.Real.ScheduleNewOrchestrationInstanceAsync("Nobody"));
    }

    [Fact]
    public async Task An_orchestrator_that_leaves_a_timer_open_has_ended_here_and_still_runs_there()
    {
        Assert.Equal("\"done\"", (await EnginePair.EndOfAsync(
            engines.Local, await engines.Local.ScheduleNewOrchestrationInstanceAsync("OpenTimer"))).SerializedOutput);

        var there = await engines.Real.ScheduleNewOrchestrationInstanceAsync("OpenTimer");
        await engines.RunAsync("Sequence", "after it");
        Assert.False((await engines.Real.GetInstanceAsync(there))!.IsCompleted);
    }

    [Fact]
    public async Task Waiting_for_what_is_no_durable_task_fails_the_instance_here()
    {
        var id = await engines.Local.ScheduleNewOrchestrationInstanceAsync("ForeignTask", "foreign");

        var end = await EnginePair.EndOfAsync(engines.Local, id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.True(end.FailureDetails!.IsCausedBy<NonDeterministicOrchestrationException>());
    }

    [Fact]
    public async Task A_terminated_instance_has_ended_here_when_the_call_returns()
    {
        var id = await engines.Local.ScheduleNewOrchestrationInstanceAsync("Gate", "terminated at once");
        await Eventually.Async(() => engines.Scene.Count("terminated at once") == 1);

        await engines.Local.TerminateInstanceAsync(id, CancellationToken.None);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await engines.Local.GetInstanceAsync(id))!.RuntimeStatus);
    }
}
