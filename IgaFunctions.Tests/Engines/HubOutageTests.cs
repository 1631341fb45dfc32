using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Crashes;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Engines;

/// <summary>The hub's storage is away for a while and comes back, while tasks run and callers post.</summary>
public sealed class HubOutageTests
{
    private const int Attempts = 3;

    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("refused")]
    [InlineData("stalled")]
    public async Task Callers_are_told_within_5_s_no_key_stays_locked_and_all_that_was_accepted_ends(string fault)
    {
        await using var surroundings = await Surroundings.CreateAsync();
        await using var engine = await surroundings.StartEngineAsync();
        var client = engine.Client;
        var accepted = Errand.Many(5);
        foreach (var errand in accepted)
        {
            surroundings.Vertex.Faults.Add("vertex.generateContent", "latency-2000ms", match: errand.Prompt);
            await errand.SubmitAsync(client);
        }

        await Eventually.Async(() => surroundings.Vertex.Faults.Pending == 0);
        Strike(surroundings, fault);
        var refused = Errand.Many(6);
        await Task.WhenAll(refused.Select(errand => AssertUnavailableAsync(client, errand)));
        surroundings.BringHubBack();

        await Task.WhenAll(accepted.Select(errand => errand.AssertMadeAsync(client, surroundings)));
        var (repeated, left) = (refused[..3], refused[3..]);
        await Task.WhenAll(repeated.Select(errand => MakeAsync(client, errand, surroundings)));
        await Waits.UntilAsync(
            async () =>
            {
                var states = await Task.WhenAll(left.Select(errand => surroundings.StatusOfAsync(errand.Key)));
                return !states.Contains("processing");
            },
            "no key that nobody asks for again stays locked");
        Assert.All([.. accepted, .. repeated], errand => Assert.InRange(surroundings.ModelCalls(errand.Prompt), 1, 2));
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("stalled")]
    public async Task A_finished_task_is_read_while_the_hub_is_away(string fault)
    {
        await using var surroundings = await Surroundings.CreateAsync();
        await using var engine = await surroundings.StartEngineAsync();
        var errand = new Errand();
        await errand.SubmitAsync(engine.Client);
        var before = await errand.AssertMadeAsync(engine.Client, surroundings);

        Strike(surroundings, fault);
        (var status, var body) = await engine.Client.PollAsync(errand.TaskId);

        Assert.True(status == HttpStatusCode.OK, body.ToString());
        Assert.True(JsonElement.DeepEquals(before, body), body.ToString());
    }

    private static void Strike(Surroundings surroundings, string fault)
    {
        if (fault == "refused")
        {
            surroundings.TakeHubAway();
        }
        else
        {
            surroundings.StallHub();
        }
    }

    /// <summary>A machine that is busy with other things may need another attempt.</summary>
    private static async Task AssertUnavailableAsync(HttpClient client, Errand errand)
    {
        for (var attempt = 1; ; attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await errand.PostAsync(client);
            var took = Stopwatch.GetElapsedTime(started);

            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.True(response.StatusCode == HttpStatusCode.ServiceUnavailable, body.ToString());
            Assert.Equal("IGA_TASK_HUB_UNAVAILABLE", body.GetProperty("error_code").GetString());
            Assert.NotNull(response.Headers.RetryAfter?.Delta);
            if (took < Promise)
            {
                return;
            }

            Assert.True(attempt < Attempts, $"it took {took}");
        }
    }

    private static async Task MakeAsync(HttpClient client, Errand errand, Surroundings surroundings)
    {
        await errand.SubmitAsync(client);
        await errand.AssertMadeAsync(client, surroundings);
    }
}
