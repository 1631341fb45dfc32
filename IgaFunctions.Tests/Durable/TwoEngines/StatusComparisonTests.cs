using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>What a client reads as the custom status, on both engines.</summary>
public sealed class StatusComparisonTests(EnginePair engines) : IClassFixture<EnginePair>
{
    [Fact]
    public async Task The_last_custom_status_stays_after_the_end()
    {
        Assert.Equal("\"second\"", (await engines.AssertSameAsync("Status", new[] { "first", "second" })).CustomStatus);
    }

    [Fact]
    public async Task A_custom_status_that_was_set_to_null_is_gone()
    {
        Assert.Null((await engines.AssertSameAsync("Status", new[] { "first", "" })).CustomStatus);
    }

    [Fact]
    public async Task A_custom_status_shows_what_its_object_has_become_when_the_orchestrator_comes_to_rest()
    {
        foreach (var client in engines.Both)
        {
            var door = $"status {client.GetType().Name}";
            var id = await client.ScheduleNewOrchestrationInstanceAsync("ChangedStatus", door);
            await Eventually.Async(async () => (await client.GetInstanceAsync(id, true))?.SerializedCustomStatus is not null);
            Assert.Equal("""["set","changed"]""", (await client.GetInstanceAsync(id, true))!.SerializedCustomStatus);

            engines.Scene.Open(door);
            Assert.Equal("""["set","changed","changed again"]""", (await EnginePair.EndOfAsync(client, id)).SerializedCustomStatus);
        }
    }
}
