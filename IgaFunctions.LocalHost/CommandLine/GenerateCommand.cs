using System.Text.Json.Nodes;

namespace Iga.LocalHost.CommandLine;

/// <summary>The work of the verb <c>generate</c> with a running service: submits a prompt, waits, and saves the picture.</summary>
/// <param name="http">Its base address is the service's.</param>
/// <param name="download">Saves the object of a <c>gs://</c> URL as a file; throws an IOException where it can't.</param>
/// <param name="output">Gets the result, and nothing else.</param>
/// <param name="error">Gets what went wrong.</param>
/// <param name="progress">Shows how it goes.</param>
/// <param name="apiKey">One of IGA_API_KEYS, when the service has any.</param>
internal sealed class GenerateCommand(
    HttpClient http, Func<string, string, CancellationToken, Task> download,
    TextWriter output, TextWriter error, TaskProgress progress, string? apiKey = null, TimeProvider? time = null)
{
    private const int PollFailuresBorne = 10;

    private const int Downloads = 3;

    /// <summary>The service tells the end of the task at once, and in between its state so often, which is shown.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(2);

    // Where the service does not wait: it is about to stop, or as many wait as may.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private ServiceClient Service => new(http, apiKey, _time);

    /// <param name="file">Where the picture is saved; its place has been looked at.</param>
    /// <returns>An <see cref="ExitCode"/>. What was made is told whatever happened to it afterwards.</returns>
    public async Task<int> RunAsync(GenerateArguments arguments, PictureFile file, CancellationToken cancellationToken)
    {
        GeneratedPicture? picture = null;
        var exitCode = ExitCode.Success;
        try
        {
            var started = _time.GetTimestamp();
            await progress.RunAsync("Submitting", async show =>
            {
                picture = await MakeAsync(arguments, state => show(state, _time.GetElapsedTime(started)), cancellationToken);
                var path = await SaveAsync(picture.Url, file, cancellationToken);
                return picture = await (picture with { Elapsed = _time.GetElapsedTime(started) }).SavedAsAsync(path);
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Cancelled. What was accepted is finished by the IGA that runs here next.");
            exitCode = ExitCode.Cancelled;
        }
        catch (Exception exception) when (exception is GenerationFailedException or HttpRequestException or IOException
            or UnauthorizedAccessException or OperationCanceledException)
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

    private async Task<GeneratedPicture> MakeAsync(
        GenerateArguments arguments, Action<string> show, CancellationToken cancellationToken)
    {
        var statusUrl = await Service.PostAsync(arguments, cancellationToken);
        var accepted = _time.GetTimestamp();
        var wait = ShortestWait;
        var isFirst = true;
        for (var failures = 0; ; wait = TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * 1.3), LongestWait.Ticks)))
        {
            var asked = _time.GetTimestamp();
            var slice = isFirst ? TimeSpan.Zero : Slice;
            isFirst = false;
            var answer = await Service.PollAsync($"{statusUrl}?include=details&wait={slice.TotalSeconds:0}", cancellationToken);
            failures = answer is null ? failures + 1 : 0;
            switch (ServiceClient.Text(answer, "status"))
            {
                case "SUCCESS":
                    show("SUCCESS");
                    return new GeneratedPicture(
                        PictureUrl(answer!["result"] as JsonObject), ServiceClient.Text(answer, "task_id"), answer["details"] as JsonObject,
                        _time.GetElapsedTime(accepted));
                case "FAILURE":
                    var fault = answer!["result"]?["error"] as JsonObject;
                    throw new GenerationFailedException(
                        $"{ServiceClient.Text(fault, "type") ?? "task_failed"}: {ServiceClient.Text(fault, "message")}");
                case { } state:
                    show(state);
                    break;
                case null when failures > PollFailuresBorne:
                    throw new GenerationFailedException($"The service does not say how the task is doing (GET {statusUrl}).");
            }

            if (_time.GetElapsedTime(accepted) > Timeout)
            {
                throw new GenerationFailedException(
                    $"No picture after {Timeout.TotalMinutes:0} minutes. The task goes on: GET {statusUrl} tells how it ends.");
            }

            if (answer is null || _time.GetElapsedTime(asked) < slice)
            {
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
    }

    // A task that lost its key to another one succeeds, but has a status and a message in place of a picture.
    private static string PictureUrl(JsonObject? result) =>
        ServiceClient.Text(result, "image_url") ?? throw new GenerationFailedException(
            $"{ServiceClient.Text(result, "status") ?? "task_failed"}: "
            + (ServiceClient.Text(result, "message") ?? "there is no picture"));

    /// <returns>The full path.</returns>
    private async Task<string> SaveAsync(string url, PictureFile file, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await download(url, file.Partial, cancellationToken);
                break;
            }
            catch (IOException) when (attempt < Downloads)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 * attempt * (0.5 + Random.Shared.NextDouble())), _time, cancellationToken);
            }
        }

        return file.Keep(Path.GetExtension(url));
    }

    private async Task ReportAsync(GeneratedPicture picture, bool json)
    {
        if (picture.TypeThatTheNameHides() is { } type)
        {
            await error.WriteLineAsync($"Note: whatever its name says, the picture is {type}.");
        }

        await output.WriteLineAsync(json ? picture.Json() : string.Join(Environment.NewLine, picture.Lines()));
    }
}
