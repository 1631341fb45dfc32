using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The work of the verb <c>generate</c> for one prompt, with a running service: has the picture made, and saves it.</summary>
/// <param name="output">Gets the result, and nothing else.</param>
/// <param name="error">Gets what went wrong.</param>
/// <param name="progress">Shows how it goes.</param>
internal sealed class GenerateCommand(TaskClient client, TextWriter output, TextWriter error, TaskProgress progress, TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <param name="file">Where the picture is saved; its place has been looked at.</param>
    /// <returns>An <see cref="ExitCode"/>. What was made is told whatever happened to it afterwards.</returns>
    public async Task<int> RunAsync(GenerateArguments arguments, PictureFile file, CancellationToken cancellationToken)
    {
        GeneratedPicture? picture = null;
        var exitCode = ExitCode.Success;
        try
        {
            var started = _time.GetTimestamp();
            var task = new PictureTask(client, _time);
            await progress.RunAsync("Submitting", async show =>
            {
                // A key that nobody else has: the same prompt once more is another picture.
                picture = await task.MakeAsync(
                    arguments, Guid.NewGuid().ToString(), state => show(state, _time.GetElapsedTime(started)), cancellationToken);
                await task.DownloadAsync(picture, file.Partial, cancellationToken);
                var path = file.Keep(Path.GetExtension(picture.Url));
                return picture = await (picture with { Elapsed = _time.GetElapsedTime(started) }).SavedAsAsync(path);
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Called off here. A task that was accepted goes on, and is paid for: list shows it, open fetches its picture, cancel ends it.");
            exitCode = ExitCode.Cancelled;
        }
        catch (Exception exception) when (exception is GenerationFailedException or ServerException or IOException
            or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(picture is null
                ? exception.Message
                : $"The picture was made and stored, but could not be saved here: {file.Explain(exception)}");
            exitCode = ExitCode.Failure;
        }

        if (picture is not null)
        {
            await ReportAsync(picture, arguments.Json);
        }

        return exitCode;
    }

    private async Task ReportAsync(GeneratedPicture picture, bool json)
    {
        if (picture.TypeThatTheNameHides() is { } type)
        {
            await error.WriteLineAsync($"Note: whatever its name says, the picture is {type}.");
        }

        await output.WriteLineAsync(json ? picture.Json().ToJsonString() : string.Join(Environment.NewLine, picture.Lines()));
    }
}
