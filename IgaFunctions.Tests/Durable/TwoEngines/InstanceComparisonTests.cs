using DurableTask.Core.Exceptions;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>Starting, reading, ending and deleting instances, on both engines.</summary>
public sealed class InstanceComparisonTests(EnginePair engines) : IClassFixture<EnginePair>
{
    [Fact]
    public async Task An_id_that_dedupes_all_statuses_starts_once_whatever_has_become_of_it()
    {
        foreach (var client in engines.Both)
        {
            var door = $"once {client.GetType().Name}";
            await client.ScheduleNewOrchestrationInstanceAsync("Gate", door, Once.As("once"));
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
                () => client.ScheduleNewOrchestrationInstanceAsync("Gate", door, Once.As("once")));

            engines.Scene.Open(door);
            Assert.Equal("\"through\"", (await EnginePair.EndOfAsync(client, "once")).SerializedOutput);
            await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
                () => client.ScheduleNewOrchestrationInstanceAsync("Gate", door, Once.As("once")));

            await client.TerminateInstanceAsync("once", CancellationToken.None);
            Assert.Equal("\"through\"", (await client.GetInstanceAsync("once", true))!.SerializedOutput);
            Assert.Equal(1, engines.Scene.Count(door));
        }
    }

    [Theory]
    [InlineData("with spaces, dots... and: colons")]
    [InlineData("Grüße 灯台 🗼")]
    [InlineData("'; drop table instances; --")]
    public Task An_odd_id_is_taken_and_read_back(string id) => AssertTakenAsync(id);

    [Fact]
    public Task An_id_of_256_characters_is_taken() => AssertTakenAsync(new string('x', 256));

    [Fact]
    public async Task An_id_that_would_be_an_entitys_is_refused()
    {
        foreach (var client in engines.Both)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(
                () => client.ScheduleNewOrchestrationInstanceAsync("Gate", "never", Once.As("@entity@key")));
        }
    }

    [Fact]
    public async Task Nothing_has_no_id()
    {
        foreach (var client in engines.Both)
        {
            await Assert.ThrowsAnyAsync<ArgumentException>(() => client.GetInstancesAsync(""));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => client.TerminateInstanceAsync("", CancellationToken.None));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => client.PurgeInstanceAsync("", CancellationToken.None));
        }
    }

    [Fact]
    public async Task What_is_not_there_reads_as_null_and_nothing_is_purged_or_thrown()
    {
        foreach (var client in engines.Both)
        {
            Assert.Null(await client.GetInstanceAsync("nobody"));
            Assert.Equal(0, (await client.PurgeInstanceAsync("nobody", CancellationToken.None)).PurgedInstanceCount);
            await client.TerminateInstanceAsync("nobody", CancellationToken.None);
            Assert.Null(await client.GetInstanceAsync("nobody"));
        }
    }

    [Fact]
    public async Task A_running_instance_is_not_purged_and_an_ended_one_is()
    {
        foreach (var client in engines.Both)
        {
            var door = $"purge {client.GetType().Name}";
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Gate", door);
            await Eventually.Async(() => engines.Scene.Count(door) == 1);
            Assert.Equal(0, (await client.PurgeInstanceAsync(id, CancellationToken.None)).PurgedInstanceCount);

            engines.Scene.Open(door);
            Assert.Equal(OrchestrationRuntimeStatus.Completed, (await EnginePair.EndOfAsync(client, id)).RuntimeStatus);
            Assert.Equal(1, (await client.PurgeInstanceAsync(id, CancellationToken.None)).PurgedInstanceCount);
            Assert.Null(await client.GetInstanceAsync(id));
        }
    }

    [Fact]
    public async Task A_terminated_instance_has_the_output_that_it_was_given()
    {
        List<Seen> ends = [];
        foreach (var client in engines.Both)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Gate", "terminate");
            await Eventually.Async(async () => (await client.GetInstanceAsync(id))?.RuntimeStatus == OrchestrationRuntimeStatus.Running);
            await client.TerminateInstanceAsync(id, new { Reason = "enough" }, CancellationToken.None);
            ends.Add(Seen.In(await EnginePair.EndOfAsync(client, id)));
        }

        Assert.Equal(ends[1], ends[0]);
        Assert.Equal((OrchestrationRuntimeStatus.Terminated, """{"Reason":"enough"}"""), (ends[0].Status, ends[0].Output));
    }

    [Fact]
    public async Task An_instance_that_is_read_without_its_data_shows_none()
    {
        foreach (var client in engines.Both)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Throws", "input");
            await EnginePair.EndOfAsync(client, id);
            var bare = (await client.GetInstanceAsync(id, getInputsAndOutputs: false))!;

            Assert.Equal(new Seen("Throws", OrchestrationRuntimeStatus.Failed, null, null, null, ""), Seen.In(bare));
            Assert.Throws<InvalidOperationException>(() => bare.ReadOutputAs<string>());
        }
    }

    private async Task AssertTakenAsync(string id)
    {
        foreach (var client in engines.Both)
        {
            Assert.Equal(id, await client.ScheduleNewOrchestrationInstanceAsync("Sequence", "x", Once.As(id)));
            var end = await EnginePair.EndOfAsync(client, id);
            Assert.Equal((id, "\"x 2\""), (end.InstanceId, end.SerializedOutput));
        }
    }
}
