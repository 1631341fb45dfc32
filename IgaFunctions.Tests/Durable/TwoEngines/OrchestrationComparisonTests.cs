using System.Security.Cryptography;
using System.Text;

namespace Iga.Tests.Durable.TwoEngines;

/// <summary>What an orchestrator's code meets, on both engines.</summary>
public sealed class OrchestrationComparisonTests(EnginePair engines) : IClassFixture<EnginePair>
{
    [Fact]
    public async Task Activities_give_their_results_in_the_order_that_they_are_asked_for()
    {
        Assert.Equal("\"lamp 8\"", (await engines.AssertSameAsync("Sequence", "lamp")).Output);
    }

    [Fact]
    public async Task Activities_that_are_asked_for_together_all_give_their_results()
    {
        Assert.Equal("[2,4,6,8,10]", (await engines.AssertSameAsync("Parallel", new[] { 1, 2, 3, 4, 5 })).Output);
    }

    [Fact]
    public async Task A_result_that_is_missing_or_not_wanted_is_null_and_so_is_an_input()
    {
        Assert.Equal("\"nothing, nothing\"", (await engines.AssertSameAsync("NoResults")).Output);
    }

    [Fact]
    public async Task A_missing_input_fails_an_activity_whose_type_has_no_null()
    {
        Assert.Contains("System.Text.Json.JsonException", (await engines.AssertSameAsync("NoNumber")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_result_of_another_type_than_asked_for_throws_in_the_orchestrator()
    {
        Assert.Equal("\"System.Text.Json.JsonException\"", (await engines.AssertSameAsync("WrongType")).Output);
    }

    [Fact]
    public async Task A_timer_fires_not_before_its_time_on_a_clock_of_UTC()
    {
        Assert.Equal("\"True Utc\"", (await engines.AssertSameAsync("Timer", 0.3)).Output);
    }

    [Fact]
    public async Task A_timer_in_the_past_fires_at_once()
    {
        Assert.Equal("\"True Utc\"", (await engines.AssertSameAsync("Timer", -3600)).Output);
    }

    [Fact]
    public async Task A_time_of_no_stated_kind_is_the_machines_local_time()
    {
        Assert.Equal("true", (await engines.AssertSameAsync("UnspecifiedTime")).Output);
    }

    [Fact]
    public async Task A_timer_that_lost_a_race_can_be_cancelled()
    {
        Assert.Equal(
            "\"False System.Threading.Tasks.TaskCanceledException\"", (await engines.AssertSameAsync("CancelledTimer")).Output);
    }

    [Fact]
    public async Task A_timer_that_is_cancelled_before_it_begins_throws()
    {
        Assert.Equal(
            "\"System.Threading.Tasks.TaskCanceledException\"", (await engines.AssertSameAsync("CancelledBefore")).Output);
    }

    [Fact]
    public async Task New_guids_are_the_same_function_of_instance_clock_and_count()
    {
        var (local, real) = await engines.RunAsync("Guids");

        Assert.All([local, real], end =>
        {
            var drawn = end.ReadOutputAs<string[]>()!;
            Assert.Equal(drawn[0], drawn[3]);
            Assert.All(drawn[..3], (text, count) =>
            {
                var (name, guid) = (text.Split('=')[0], Guid.Parse(text.Split('=')[1]));
                Assert.Equal(VersionFive($"{name}_{count}"), guid);
                Assert.Equal((5, 0b10), (guid.Version, guid.Variant >> 2));
            });
        });
    }

    [Fact]
    public async Task A_missing_input_is_null_where_there_is_null()
    {
        Assert.Equal("\"nothing\"", (await engines.AssertSameAsync("MissingText")).Output);
        Assert.Equal("\"nothing\"", (await engines.AssertSameAsync("MissingOptionalNumber")).Output);
    }

    [Fact]
    public async Task Task_options_in_place_of_an_input_are_a_mistake()
    {
        Assert.Equal("\"System.ArgumentException\"", (await engines.AssertSameAsync("OptionsForInput")).Output);
    }

    private static Guid VersionFive(string name)
    {
        var space = Guid.Parse("9e952958-5e33-4daf-827f-2fa12937b875");
#pragma warning disable CA5350 // RFC 4122 names the hash.
        var hash = SHA1.HashData([.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)])[..16];
#pragma warning restore CA5350
        (hash[6], hash[8]) = ((byte)(hash[6] & 0x0F | 0x50), (byte)(hash[8] & 0x3F | 0x80));
        return new Guid(hash, bigEndian: true);
    }
}
