using System.CommandLine;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>retry</c>: has a failed task's request done again, under its key.</summary>
internal static class RetryVerb
{
    public static Command Create(ServerOptions server)
    {
        var id = TaskId.Argument();
        var command = server.AddTo(new Command("retry", "Send a failed task's request again, under its key, and print the new task's id.") { id });
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            async (client, signals) =>
            {
                var (_, accepted, _) = await client.AskAsync(HttpMethod.Post, $"v1/tasks/{parsed.GetValue(id)}/retry", [202], signals.Stop);
                await parsed.InvocationConfiguration.Output.WriteLineAsync(
                    server.WantsJson(parsed) ? accepted.ToJsonString() : TaskText.Text(accepted, "task_id"));
                return ExitCode.Success;
            },
            cancellationToken));
        return command;
    }
}
