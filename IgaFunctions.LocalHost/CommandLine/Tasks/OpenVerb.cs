using System.CommandLine;
using System.Text.Json.Nodes;
using Iga.Embedded;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The verb <c>open</c>: fetches a task's picture, and shows it with the program that this machine has for pictures.</summary>
internal static class OpenVerb
{
    /// <summary>A picture's types, and what a file of each ends in. Nothing else is handed to another program.</summary>
    private static readonly Dictionary<string, string> Extensions = new()
    {
        ["image/png"] = ".png",
        ["image/jpeg"] = ".jpg",
        ["image/webp"] = ".webp",
    };

    /// <param name="folder">Where pictures without <c>--out</c> go.</param>
    /// <param name="show">Opens a file; false where there is nothing to open it with.</param>
    public static Command Create(ServerOptions server, Func<string> folder, Func<string, bool>? show = null)
    {
        var id = TaskId.Argument();
        var target = new Option<string?>("--out")
        {
            Description = "The folder to save the picture in; by default .local/pictures.",
            HelpName = "FOLDER",
        };
        var noShow = new Option<bool>("--no-show") { Description = "Save it, and print its path only." };
        var command = server.AddTo(new Command("open", "Save a task's picture, print its path, and show it.") { id, target, noShow });
        command.SetAction((parsed, cancellationToken) => server.RunAsync(
            parsed,
            async (client, signals) =>
            {
                var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
                try
                {
                    var path = await SaveAsync(client, parsed.GetValue(id), parsed.GetValue(target) ?? folder(), signals.Stop);
                    await output.WriteLineAsync(server.WantsJson(parsed) ? new JsonObject { ["file"] = path }.ToJsonString() : path);
                    if (!parsed.GetValue(noShow) && !(show ?? Show)(path))
                    {
                        await error.WriteLineAsync("There is no program here to show it with.");
                    }

                    return ExitCode.Success;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    await error.WriteLineAsync($"The picture could not be saved: {ShownText.Of(exception.Message)}");
                    return ExitCode.Failure;
                }
            },
            cancellationToken));
        return command;
    }

    private static async Task<string> SaveAsync(TaskClient client, Guid id, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var partial = Path.Combine(folder, $".{id}.{Guid.NewGuid():N}.part");
        try
        {
            var type = await client.DownloadAsync($"v1/tasks/{id}/image", partial, cancellationToken);
            if (type is null || !Extensions.TryGetValue(type, out var extension))
            {
                throw new ServerException($"What the service sends is no picture but {ShownText.Of(type ?? "of no type")}.");
            }

            var path = Path.Combine(Path.GetFullPath(folder), $"{id}{extension}");
            File.Move(partial, path, overwrite: true);
            return path;
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static bool Show(string path)
    {
        var viewer = OperatingSystem.IsWindows() ? "explorer.exe" : OperatingSystem.IsMacOS() ? "open" : "xdg-open";
        if (ChildProcess.Find(viewer) is not { } program)
        {
            return false;
        }

        using var process = ChildProcess.Start([program, path]);
        return true;
    }
}
