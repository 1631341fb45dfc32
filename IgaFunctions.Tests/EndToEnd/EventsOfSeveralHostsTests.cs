using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.LocalHost.Host;
using Iga.TaskEvents;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.EndToEnd;

/// <summary>Streams of a host that is not alone, short of places, or stops.</summary>
public sealed class EventsOfSeveralHostsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task What_another_process_does_is_told_as_well()
    {
        Dictionary<string, string?> settings = [];
        await using var listening = await OwnService.StartAsync(own => settings = own);
        await using var working = await LocalService.StartAsync(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _ => { }, CancellationToken.None, LogLevel.None);
        using var client = new HttpClient { BaseAddress = working.Address };
        await using var events = await EventListener.OpenAsync(listening.Client, "");
        listening.Vertex.Faults.Add("vertex.generateContent", new Fault.ReturnStatus(429) { RetryAfter = 4 }, match: _prompt);

        var id = await client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt });

        var seen = await events.UntilAsync(task => task.GetProperty("status").GetString() == "SUCCESS");
        Assert.Contains("RETRY", seen.Select(task => task.GetProperty("status").GetString()));
        Assert.All(seen, task => Assert.Equal(id, task.GetProperty("task_id").GetGuid()));
    }

    [Fact]
    public async Task An_outage_of_the_database_loses_nothing_and_ends_no_stream()
    {
        await using var service = await OwnService.StartAsync();
        var task = await Claims.LeaveAsync(service, Caller.NewKey(), _prompt);
        await using var events = await EventListener.OpenAsync(service.Client, "");
        service.Gate.Refuse();
        using (var refused = await service.Client.GetAsync("/v1/tasks"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        await Claims.FailElsewhereAsync(service, task.TaskId);
        service.Gate.Open();

        var seen = await events.UntilAsync(told => told.GetProperty("status").GetString() == "FAILURE");
        Assert.Equal(task.TaskId, Assert.Single(seen).GetProperty("task_id").GetGuid());
    }

    [Fact]
    public async Task Beyond_the_limit_a_stream_is_refused_until_another_is_closed()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_MAX_STREAMS"] = "1");
        await using (await EventListener.OpenAsync(service.Client, ""))
        {
            using var refused = await service.Client.GetAsync("/v1/tasks/events", HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter?.Delta);
            var body = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("IGA_TOO_MANY_STREAMS", body.GetProperty("error_code").GetString());
        }

        await Eventually.Async(() => service.Get<TaskEventFeed>().Count == 0);
        await using var next = await EventListener.OpenAsync(service.Client, "");
    }

    [Fact]
    public async Task A_stop_ends_the_streams_at_once_and_does_not_wait_for_their_readers()
    {
        await using var service = await OwnService.StartAsync();
        service.Vertex.Faults.Add("vertex.generateContent", "latency-3000ms", match: _prompt);
        var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt });
        await service.Client.WaitAsync(id, forStatus: "STARTED");
        await using var events = await EventListener.OpenAsync(service.Client, "?status=FAILURE");

        var stop = service.Host.StopAsync();

        Assert.Null(await events.NextAsync());
        await stop.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_stream_that_can_not_begin_says_so()
    {
        await using var service = await OwnService.StartAsync();
        service.Gate.Refuse();

        using var response = await service.Client.GetAsync("/v1/tasks/events", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, service.Get<TaskEventFeed>().Count);
        service.Gate.Open();
        await using var events = await EventListener.OpenAsync(service.Client, "");
    }
}
