using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>Has one picture made by a service, and fetches it.</summary>
internal sealed class PictureTask(TaskClient client, TimeProvider time)
{
    private const int PollFailuresBorne = 4;

    private const int Downloads = 3;

    /// <summary>Seconds for which the service may hold back its answer while nothing has ended; longer ones show a change of state later.</summary>
    private const int LongestWait = 5;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    /// <summary>Posts the request, and waits until the task has ended.</summary>
    /// <param name="key">Idempotency key.</param>
    /// <param name="show">Is told of each state.</param>
    /// <exception cref="GenerationFailedException">There is no picture; the message says why.</exception>
    /// <exception cref="ServerException">The service refused, or can't be reached.</exception>
    public async Task<GeneratedPicture> MakeAsync(
        GenerateArguments arguments, string key, Action<string> show, CancellationToken cancellationToken)
    {
        var path = await client.PostAsync(GenerateRequest.Body(arguments), key, cancellationToken);
        var accepted = time.GetTimestamp();
        var pause = ShortestPause;
        for (var (wait, failures) = (0, 0); ; wait = Math.Min(wait + 1, LongestWait))
        {
            JsonObject? answer = null;
            var asked = time.GetTimestamp();
            try
            {
                answer = await client.GetAsync($"{path}?include=details&wait={wait}", cancellationToken);
                failures = 0;
            }
            catch (ServerException exception) when (exception.IsOutage && failures++ < PollFailuresBorne)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }

            switch (TaskText.Text(answer, "status"))
            {
                case "SUCCESS":
                    show("SUCCESS");
                    return new GeneratedPicture(
                        UrlOf(answer!["result"] as JsonObject), path, TaskText.Text(answer, "task_id"), answer["details"] as JsonObject,
                        time.GetElapsedTime(accepted));
                case "FAILURE":
                    var fault = answer!["result"]?["error"] as JsonObject;
                    throw new GenerationFailedException($"{TaskText.Text(fault, "type") ?? "task_failed"}: {TaskText.Text(fault, "message")}");
                case { } state:
                    show(state);
                    break;
            }

            if (answer is not null && time.GetElapsedTime(asked) < TimeSpan.FromSeconds(wait) / 2)
            {
                // It does not hold answers back: as many wait as may, or it is about to stop.
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            if (time.GetElapsedTime(accepted) > Timeout)
            {
                throw new GenerationFailedException(
                    $"No picture after {Timeout.TotalMinutes:0} minutes. The task goes on: GET /{path} tells how it ends.");
            }
        }
    }

    /// <summary>Saves the picture of a task that has one.</summary>
    /// <exception cref="IOException">The file can't be written, or the picture not fetched whole.</exception>
    public async Task DownloadAsync(GeneratedPicture picture, string file, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await client.DownloadAsync($"{picture.Path}/image", file, cancellationToken);
                return;
            }
            catch (IOException) when (attempt < Downloads)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 * attempt * (0.5 + Random.Shared.NextDouble())), time, cancellationToken);
            }
        }
    }

    // A task that lost its key to another one succeeds, but has a status and a message in place of a picture.
    private static string UrlOf(JsonObject? result) => TaskText.Text(result, "image_url") ?? throw new GenerationFailedException(
        $"{TaskText.Text(result, "status") ?? "task_failed"}: {TaskText.Text(result, "message") ?? "there is no picture"}");
}
