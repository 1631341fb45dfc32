using System.Collections.Concurrent;
using System.Diagnostics;
using Iga.Bench.Fakes;
using Iga.Bench.Load;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>Many tasks at once: posts them, waits for their end, and checks that each has its picture.</summary>
internal static class Tasks
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Posts this many tasks, each with a key of its own.</summary>
    /// <returns>The ids of the tasks.</returns>
    public static async Task<IReadOnlyList<string>> PostAsync(
        Service service, int count, CancellationToken cancellationToken, string? imageSize = null)
    {
        var keys = Guid.NewGuid().ToString("N");
        var ids = new ConcurrentBag<string>();
        var load = await LoadGenerator.RunAsync(
            service.Address, new LoadOptions(Math.Min(count, 64), count, TimeSpan.FromMinutes(5)),
            number => Requests.Post($"{keys}-{number}", imageSize), 202, (_, answer) => ids.Add(Requests.TaskId(answer)), cancellationToken);
        load.ThrowOnErrors("posting tasks");
        return [.. ids];
    }

    /// <summary>Posts tasks and waits until all have ended.</summary>
    /// <returns>From the first request to the last end, as the shared table shows it.</returns>
    /// <exception cref="MeasureFailedException">A task did not succeed, or not in time.</exception>
    public static async Task<Batch> RunAsync(
        Service service, FakeBucket bucket, int count, TimeSpan timeout, CancellationToken cancellationToken, string? imageSize = null)
    {
        var completedBefore = await CompletedAsync(service, cancellationToken);
        var objectsBefore = bucket.Objects.Count;
        var started = Stopwatch.GetTimestamp();
        var ids = await PostAsync(service, count, cancellationToken, imageSize);
        while (await CompletedAsync(service, cancellationToken) - completedBefore < count)
        {
            if (Stopwatch.GetElapsedTime(started) > timeout)
            {
                throw new MeasureFailedException(
                    $"{await CompletedAsync(service, cancellationToken) - completedBefore} of {count} tasks ended in {timeout}: {service.Tail()}");
            }

            await Task.Delay(Look, cancellationToken);
        }

        var took = Stopwatch.GetElapsedTime(started);
        await CheckAsync(service, ids, cancellationToken);
        var objects = bucket.Objects.Count - objectsBefore;
        return objects == count
            ? new Batch(took, ids)
            : throw new MeasureFailedException($"{count} keys made {objects} objects.");
    }

    /// <summary>Waits for the engine to notice the end of each task, which may come a moment after its row's.</summary>
    private static async Task CheckAsync(Service service, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        using var line = new HttpLine(service.Address);
        foreach (var id in ids)
        {
            var request = Requests.Poll(id);
            var tries = 0;
            string status;
            while ((status = Requests.Status(await line.SendAsync(request, cancellationToken))) != "SUCCESS")
            {
                if (status == "FAILURE" || ++tries == 500)
                {
                    throw new MeasureFailedException($"Task {id} is {status}: {service.Tail()}");
                }

                await Task.Delay(10, cancellationToken);
            }
        }
    }

    private static Task<long> CompletedAsync(Service service, CancellationToken cancellationToken) =>
        service.ReadAsync<long>("select count(*) from idempotency_keys where status = 'completed'", cancellationToken);
}
