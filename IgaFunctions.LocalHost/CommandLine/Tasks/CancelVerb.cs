using System.CommandLine;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>cancel</c>: ends a task that is on its way.</summary>
internal static class CancelVerb
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(60);

    public static Command Create(ServerOptions server)
    {
        var id = TaskId.Argument();
        var command = server.AddTo(new Command(
            "cancel",
            "Cancel a task that is on its way, and wait until it has ended. Its key is free for another try then.")
        {
            id,
        });
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            async (client, signals) =>
            {
                var (status, task, _) = await client.AskAsync(HttpMethod.Post, $"v1/tasks/{parsed.GetValue(id)}/cancel", [200, 202], signals.Stop);
                if (status == 202)
                {
                    task = await StatusVerb.AskAsync(client, parsed.GetValue(id), LongestEnd, signals.Stop);
                }

                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                if (server.WantsJson(parsed))
                {
                    await output.WriteLineAsync(task.ToJsonString());
                }

                return await TellAsync(task, server.WantsJson(parsed) ? TextWriter.Null : output, error);
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> TellAsync(JsonObject task, TextWriter output, TextWriter error)
    {
        if (TaskText.Text(task["result"]?["error"], "type") == "task_revoked")
        {
            await output.WriteLineAsync("Cancelled.");
            return ExitCode.Success;
        }

        await error.WriteLineAsync(TaskText.Result(task) is { } result
            ? $"It had ended before it could be cancelled: {result}"
            : "It has been told to end, and has not yet.");
        return ExitCode.Failure;
    }
}
