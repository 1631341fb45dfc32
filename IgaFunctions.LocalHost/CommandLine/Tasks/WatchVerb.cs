using System.CommandLine;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>watch</c>: tells of each change of a task's state, until it is called off.</summary>
internal static class WatchVerb
{
    private const int FailuresBorne = 10;

    public static Command Create(ServerOptions server)
    {
        var filter = new TaskFilter();
        var command = filter.AddTo(server.AddTo(new Command(
            "watch", "Tell of each change of a task's state as it happens, until Ctrl+C. What happens while the connection is away is told afterwards.")));
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            (client, signals) => RunAsync(
                client, filter.Query(parsed).TrimStart('&'), server.WantsJson(parsed), parsed.InvocationConfiguration, signals.Stop),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        TaskClient client, string query, bool json, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        string? last = null;
        for (var failures = 0; ; failures++)
        {
            try
            {
                await using var stream = await client.OpenEventsAsync($"v1/tasks/events?{query}".TrimEnd('?'), last, cancellationToken);
                await foreach (var change in SseParser.Create(stream).EnumerateAsync(cancellationToken))
                {
                    (failures, last) = (0, string.IsNullOrEmpty(change.EventId) ? last : change.EventId);
                    if (change.EventType == "task")
                    {
                        await console.Output.WriteLineAsync(json ? OneLine(change.Data) : Line(change.Data));
                        await console.Output.FlushAsync(cancellationToken);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException or ServerException { Status: null or >= 500 }
                && failures < FailuresBorne && (last is not null || failures > 0 || exception is not ServerException))
            {
                await console.Error.WriteLineAsync("The connection is gone; trying again ...");
            }

            await Task.Delay(TimeSpan.FromSeconds(Math.Min(10, failures + 1) * (0.5 + Random.Shared.NextDouble())), cancellationToken);
        }
    }

    private static string Line(string data)
    {
        var task = Parse(data);
        var now = TimeProvider.System.GetUtcNow();
        return $"{now.ToLocalTime():HH:mm:ss}  {TaskText.Row(task, now)}"
            + (TaskText.Text(task, "status") == "FAILURE" ? $"  {TaskText.Result(task)}" : "");
    }

    private static string OneLine(string data) => Parse(data)?.ToJsonString() ?? "{}";

    private static JsonNode? Parse(string data)
    {
        try
        {
            return JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            throw new ServerException("The answer is not that of an IGA; is the address right?");
        }
    }
}
