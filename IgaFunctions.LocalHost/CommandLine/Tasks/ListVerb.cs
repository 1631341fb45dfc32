using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>list</c>: tasks, newest or dearest first.</summary>
internal static class ListVerb
{
    private const int LargestPage = 200;

    public static Command Create(ServerOptions server)
    {
        var filter = new TaskFilter();
        var since = new Option<DateTimeOffset?>("--since")
        {
            Description = "Only tasks posted since: 2026-11-01, or 30d for 30 days ago.",
            HelpName = "TIME",
            CustomParser = result => PointInTime.Read(result, "--since"),
        };
        var dearest = new Option<bool>("--dearest") { Description = "The dearest first, of the last 24 hours or since --since." };
        var limit = WholeNumber.Option("--limit", "N", "How many, at most 10000.", 1, 10_000, 20);
        var command = filter.AddTo(server.AddTo(new Command("list", "List tasks, the newest first.") { since, dearest, limit }));
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            async (client, signals) =>
            {
                var begin = parsed.GetValue(since) ?? (parsed.GetValue(dearest) ? TimeProvider.System.GetUtcNow().AddDays(-1) : null);
                var query = filter.Query(parsed,
                    ("since", begin?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
                    ("order", parsed.GetValue(dearest) ? "price" : null));
                var tasks = await ReadAsync(client, query, parsed.GetValue(limit), signals.Stop);
                await WriteAsync(parsed.InvocationConfiguration.Output, tasks, server.WantsJson(parsed));
                return ExitCode.Success;
            },
            cancellationToken));
        return command;
    }

    private static async Task<JsonArray> ReadAsync(TaskClient client, string query, int limit, CancellationToken cancellationToken)
    {
        var tasks = new JsonArray();
        var path = $"v1/tasks?limit={Math.Min(limit, LargestPage)}{query}";
        while (path is not null && tasks.Count < limit)
        {
            var page = await client.GetAsync(path, cancellationToken);
            foreach (var task in (page["tasks"] as JsonArray ?? []).Take(limit - tasks.Count))
            {
                tasks.Add(task?.DeepClone());
            }

            // The next page of this service, wherever its answer points to.
            path = page["next"] is JsonValue next && next.TryGetValue<string>(out var text) ? text.TrimStart('/') : null;
            if (path is not null && !path.StartsWith("v1/tasks?", StringComparison.Ordinal))
            {
                throw new ServerException("The answer is not that of an IGA; is the address right?");
            }
        }

        return tasks;
    }

    private static async Task WriteAsync(TextWriter output, JsonArray tasks, bool json)
    {
        if (json)
        {
            await output.WriteLineAsync(new JsonObject { ["tasks"] = tasks }.ToJsonString());
            return;
        }

        var now = TimeProvider.System.GetUtcNow();
        await output.WriteLineAsync(tasks.Count == 0
            ? "There are none."
            : string.Join(Environment.NewLine, tasks.Select(task => TaskText.Row(task, now)).Prepend(TaskText.Header)));
    }
}
