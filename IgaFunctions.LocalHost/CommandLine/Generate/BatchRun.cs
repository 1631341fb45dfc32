using System.Globalization;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>
/// The work of the verb <c>generate</c> for several prompts: has each picture made and saves it. The keys and the files' names follow from
/// what is asked for, so that the same command, given again, goes on where this one was stopped.
/// </summary>
internal sealed class BatchRun(TaskClient client, TextWriter output, TextWriter error, BatchProgress progress, TimeProvider? time = null)
{
    private static readonly TimeSpan LongestWaitForRoom = TimeSpan.FromMinutes(30);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly PictureTask _task = new(client, time ?? TimeProvider.System);

    /// <param name="folder">Where the pictures go; it is there.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync(BatchArguments arguments, string folder, CancellationToken cancellationToken)
    {
        var items = BatchItem.Of(arguments.Prompts, arguments.Each, arguments.Name);
        var results = new BatchResult?[items.Count];
        var exitCode = ExitCode.Success;
        try
        {
            await progress.RunAsync(items, change => Parallel.ForEachAsync(
                items,
                new ParallelOptions { MaxDegreeOfParallelism = arguments.Parallel, CancellationToken = cancellationToken },
                async (item, token) =>
                {
                    var result = results[item.Number - 1] = await MakeAsync(item, folder, state => change(item, state, false), token);
                    change(item, result.Error is not null ? "failed" : result.WasThere ? "there already" : "saved", true);
                }));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exitCode = ExitCode.Cancelled;
        }

        BatchResult[] done = [.. results.OfType<BatchResult>()];
        foreach (var result in done)
        {
            if (arguments.Each.Json)
            {
                await output.WriteLineAsync(result.Json().ToJsonString());
            }
            else if (result.Picture?.File is { } file)
            {
                await output.WriteLineAsync(file);
            }

            if (result.Error is { } problem)
            {
                await error.WriteLineAsync($"{result.Item.Number}/{items.Count} {ShownText.Of(result.Item.Arguments.Prompt, 48)}: {problem}");
            }
        }

        await error.WriteLineAsync(Summary(done, items.Count));
        return exitCode == ExitCode.Success && done.Any(result => result.Error is not null) ? ExitCode.Failure : exitCode;
    }

    private static string Summary(BatchResult[] results, int count)
    {
        var saved = results.Count(result => result is { Error: null, WasThere: false });
        var price = results.Where(result => result is { WasThere: false }).Sum(result => TaskText.Number(result.Picture?.Details, "price_usd") ?? 0);
        var parts = new[]
        {
            $"{saved} saved",
            results.Count(result => result.WasThere) is > 0 and var there ? $"{there} there already" : null,
            results.Count(result => result.Error is not null) is > 0 and var failed ? $"{failed} failed" : null,
            count - results.Length is > 0 and var open ? $"{open} not finished" : null,
            price > 0 ? string.Create(CultureInfo.InvariantCulture, $"${price} by list price") : null,
        };
        return string.Join(", ", parts.OfType<string>())
            + (results.Length < count || results.Any(result => result.Error is not null) ? ". The same command, given again, goes on with what is missing." : ".");
    }

    private async Task<BatchResult> MakeAsync(BatchItem item, string folder, Action<string> show, CancellationToken cancellationToken)
    {
        GeneratedPicture? picture = null;
        var partial = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            picture = await MakeWhenThereIsRoomAsync(item, show, cancellationToken);
            var path = Path.Combine(folder, item.FileStem + Path.GetExtension(picture.Url));
            if (File.Exists(path) && new FileInfo(path).Length == TaskText.Number(picture.Details, "size_bytes"))
            {
                return new BatchResult(item, await picture.SavedAsAsync(path), null, WasThere: true);
            }

            await _task.DownloadAsync(picture, partial, cancellationToken);
            File.Move(partial, path, overwrite: true);
            return new BatchResult(item, await picture.SavedAsAsync(path), null);
        }
        catch (Exception exception) when (exception is GenerationFailedException or ServerException or IOException or UnauthorizedAccessException)
        {
            return new BatchResult(item, picture, exception.Message.Replace(partial, folder, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(partial);
        }
    }

    /// <summary>Posts again as the service asks for it while its limits leave no room; a limit of money is final.</summary>
    private async Task<GeneratedPicture> MakeWhenThereIsRoomAsync(BatchItem item, Action<string> show, CancellationToken cancellationToken)
    {
        for (var began = _time.GetTimestamp(); ;)
        {
            try
            {
                return await _task.MakeAsync(item.Arguments, item.Key, show, cancellationToken);
            }
            catch (ServerException exception) when (exception is { Status: 429, RetryAfter: { TotalMinutes: < 10 } pause }
                && _time.GetElapsedTime(began) < LongestWaitForRoom)
            {
                show("PENDING");
                await Task.Delay(pause + TimeSpan.FromSeconds(Random.Shared.NextDouble()), _time, cancellationToken);
            }
        }
    }
}
