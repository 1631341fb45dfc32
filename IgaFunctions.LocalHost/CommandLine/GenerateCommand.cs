using System.Globalization;
using System.Text.Json.Nodes;
using Iga.Images;
using Spectre.Console;

namespace Iga.LocalHost.CommandLine;

/// <summary>The verb <c>generate</c>: submits a prompt to a running service, waits, and saves the picture.</summary>
/// <param name="http">Its base address is the service's.</param>
/// <param name="download">Saves the object of a <c>gs://</c> URL as a file that exists already, empty.</param>
/// <param name="output">Gets the result: the picture's path on the first line.</param>
/// <param name="error">Gets what went wrong, and the progress when there is no terminal.</param>
/// <param name="terminal">Where a spinner can be shown; null when output is redirected.</param>
/// <param name="apiKey">One of IGA_API_KEYS, when the service has any.</param>
internal sealed class GenerateCommand(
    HttpClient http, Func<string, string, CancellationToken, Task> download,
    TextWriter output, TextWriter error, IAnsiConsole? terminal = null, string? apiKey = null, TimeProvider? time = null)
{
    private const int PollFailuresBorne = 10;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;

    private ServiceClient Service => new(http, apiKey, _time);

    /// <summary>With the console as it is: a spinner unless output is redirected.</summary>
    /// <param name="download">Saves the object of a <c>gs://</c> URL as a file that exists already, empty.</param>
    public static async Task<int> RunAsync(
        Uri baseAddress, GenerateArguments arguments, Func<string, string, CancellationToken, Task> download,
        string? apiKey, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(30) };
        var terminal = Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive ? null : AnsiConsole.Console;
        return await new GenerateCommand(http, download, Console.Out, Console.Error, terminal, apiKey)
            .RunAsync(arguments, cancellationToken);
    }

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(GenerateArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            using var file = PictureFile.Reserve(arguments.OutFile, arguments.Prompt);
            var started = _time.GetTimestamp();
            var (url, details) = await new TaskProgress(terminal, error).RunAsync(async show =>
            {
                var made = await MakeAsync(arguments, state => show(state, _time.GetElapsedTime(started)), cancellationToken);
                await download(made.Url, file.Partial, cancellationToken);
                return made;
            });
            await ReportAsync(file, url, details, _time.GetElapsedTime(started));
            return ExitCode.Success;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("Cancelled. The service finishes what it has accepted.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (exception is GenerationFailedException or HttpRequestException or IOException
            or UnauthorizedAccessException or OperationCanceledException)
        {
            await error.WriteLineAsync(exception.Message);
            return ExitCode.Failure;
        }
    }

    /// <returns>The picture's <c>gs://</c> URL, and what the service knows of how it was made.</returns>
    private async Task<(string Url, JsonObject? Details)> MakeAsync(
        GenerateArguments arguments, Action<string> show, CancellationToken cancellationToken)
    {
        var statusUrl = await Service.PostAsync(arguments, cancellationToken);
        var accepted = _time.GetTimestamp();
        var wait = ShortestWait;
        for (var failures = 0; ; wait = TimeSpan.FromTicks(Math.Min((long)(wait.Ticks * 1.3), LongestWait.Ticks)))
        {
            var answer = await Service.PollAsync($"{statusUrl}?include=details", cancellationToken);
            failures = answer is null ? failures + 1 : 0;
            switch (ServiceClient.Text(answer, "status"))
            {
                case "SUCCESS":
                    show("SUCCESS");
                    return (PictureUrl(answer!["result"] as JsonObject), answer["details"] as JsonObject);
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

            await Task.Delay(wait, _time, cancellationToken);
        }
    }

    // A task that lost its key to another one succeeds, but has a status and a message in place of a picture.
    private static string PictureUrl(JsonObject? result) =>
        ServiceClient.Text(result, "image_url") ?? throw new GenerationFailedException(
            $"{ServiceClient.Text(result, "status") ?? "task_failed"}: "
            + (ServiceClient.Text(result, "message") ?? "there is no picture"));

    private async Task ReportAsync(PictureFile file, string url, JsonObject? details, TimeSpan elapsed)
    {
        var path = file.Keep(Path.GetExtension(url));
        var facts = new List<string>();
        var header = new byte[65_536];
        await using (var picture = File.OpenRead(path))
        {
            var length = await picture.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false);
            if (PictureSize.Read(header.AsSpan(0, length)) is var (width, height))
            {
                facts.Add($"{width} x {height} pixels");
            }

            if (ImageFormat.Detect(header.AsSpan(0, length)) is { } format && !HasExtensionOf(path, format))
            {
                await error.WriteLineAsync($"Note: whatever its name says, the picture is {format.ContentType}.");
            }

            facts.Add(string.Create(CultureInfo.InvariantCulture, $"{picture.Length:#,0} bytes"));
        }

        facts.Add(TaskProgress.Seconds(elapsed));
        await output.WriteLineAsync(path);
        await output.WriteLineAsync(url);
        await output.WriteLineAsync(string.Join(", ", facts));
        if (Costs(details) is { } costs)
        {
            await output.WriteLineAsync(costs);
        }
    }

    /// <returns>Such as <c>gemini-3.1-flash-image, 1K, 1,120 output tokens, $0.067 by list price</c>; null where nothing is known.</returns>
    private static string? Costs(JsonObject? details)
    {
        var facts = new List<string>();
        Add(ServiceClient.Text(details, "model"));
        Add(ServiceClient.Text(details, "image_size"));
        Add(Number("output_tokens") is { } tokens ? string.Create(CultureInfo.InvariantCulture, $"{tokens:#,0} output tokens") : null);
        Add(Number("price_usd") is { } price ? string.Create(CultureInfo.InvariantCulture, $"${price} by list price") : null);
        return facts.Count == 0 ? null : string.Join(", ", facts);

        void Add(string? fact) => facts.AddRange(fact is null ? [] : [fact]);

        decimal? Number(string name) => details?[name] is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;
    }

    private static bool HasExtensionOf(string path, ImageFormat format)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        return extension == $".{format.Extension}" || (extension == ".jpeg" && format == ImageFormat.Jpeg);
    }
}
