using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>status</c>: how a task is doing, and all that is known of it.</summary>
internal static class StatusVerb
{
    private static readonly string[] Stages = ["queued", "model", "upload", "total"];

    public static Command Create(ServerOptions server)
    {
        var id = TaskId.Argument();
        var wait = WholeNumber.Option("--wait", "SECONDS", "Wait until it has ended, so many seconds at most.", 0, 3600, 0);
        var command = server.AddTo(new Command(
            "status",
            "Tell how a task is doing. Exit code 0 says that it has its picture, 1 that it failed, 3 that it is on its way.")
        {
            id, wait,
        });
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            async (client, signals) =>
            {
                var task = await AskAsync(client, parsed.GetValue(id), TimeSpan.FromSeconds(parsed.GetValue(wait)), signals.Stop);
                var output = parsed.InvocationConfiguration.Output;
                await output.WriteLineAsync(server.WantsJson(parsed) ? task.ToJsonString() : string.Join(Environment.NewLine, Lines(task)));
                return TaskText.Text(task, "status") switch
                {
                    "SUCCESS" => ExitCode.Success,
                    "FAILURE" => ExitCode.Failure,
                    _ => ExitCode.NotEnded,
                };
            },
            cancellationToken));
        return command;
    }

    /// <summary>Asks until the task has ended or the time is over; the service holds its answer back meanwhile.</summary>
    public static async Task<JsonObject> AskAsync(TaskClient client, Guid id, TimeSpan wait, CancellationToken cancellationToken)
    {
        const int longestWait = 30; // seconds in one request
        var until = TimeProvider.System.GetUtcNow() + wait;
        while (true)
        {
            var asked = TimeProvider.System.GetTimestamp();
            var left = (int)Math.Ceiling((until - TimeProvider.System.GetUtcNow()).TotalSeconds);
            var query = left > 0 ? $"&wait={Math.Min(left, longestWait)}" : "";
            var task = await client.GetAsync($"v1/tasks/{id}?include=details{query}", cancellationToken);
            if (left <= 0 || TaskText.Text(task, "status") is "SUCCESS" or "FAILURE")
            {
                return task;
            }

            if (TimeProvider.System.GetElapsedTime(asked) < TimeSpan.FromSeconds(1))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // it does not hold answers back now
            }
        }
    }

    /// <summary>A task's document for a person: a line a fact, without those that are not known.</summary>
    public static IEnumerable<string> Lines(JsonObject task)
    {
        var details = task["details"];
        return new[]
        {
            ("status", TaskText.Text(task, "status")),
            ("result", TaskText.Result(task)),
            ("prompt", TaskText.Text(task["result"], "prompt_used")),
            ("model", Facts(TaskText.Text(details, "model"), TaskText.Text(details, "image_size"), TaskText.Price(details))),
            ("key", TaskText.Text(details, "idempotency_key")),
            ("workflow", TaskText.Text(details, "workflow_id")),
            ("caller", TaskText.Text(details, "caller")),
            ("created", TaskText.Text(details, "created_at")),
            ("ended", TaskText.Text(details, "ended_at")),
            ("timings", Timings(details?["timings"])),
            ("callback", Facts(TaskText.Text(details?["callback"], "state"), TaskText.Text(details?["callback"], "last_error"))),
        }.Where(fact => fact.Item2 is not null).Select(fact => $"{fact.Item1,-9} {fact.Item2}").Concat(Attempts(details?["attempts"]));
    }

    private static IEnumerable<string> Attempts(JsonNode? attempts) => attempts is not JsonArray all ? [] : all.Select((attempt, index) =>
        $"attempt {index + 1} {TaskText.Text(attempt, "model")}: "
        + (attempt?["fault"] is JsonObject fault ? $"{TaskText.Text(fault, "type")}: {TaskText.Text(fault, "message")}" : "made it")
        + (TaskText.Number(attempt, "seconds") is { } seconds ? $" ({Seconds(seconds)})" : ""));

    private static string? Timings(JsonNode? timings) => Facts([.. Stages.Select(stage =>
        TaskText.Number(timings, $"{stage}_seconds") is { } seconds ? $"{stage} {Seconds(seconds)}" : null)]);

    private static string Seconds(decimal seconds) => seconds.ToString("0.0##", CultureInfo.InvariantCulture) + " s";

    private static string? Facts(params string?[] facts) =>
        string.Join(", ", facts.OfType<string>()) is { Length: > 0 } known ? known : null;
}
