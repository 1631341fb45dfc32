using Spectre.Console;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>Shows how the pictures of a batch are doing: a bar each on a terminal, one plain line a change elsewhere.</summary>
/// <param name="terminal">Null where there is none.</param>
internal sealed class BatchProgress(IAnsiConsole? terminal, TextWriter plain)
{
    private const int LongestName = 48;

    private readonly Lock _writing = new();

    /// <param name="work">Is given what to call with each change of an item: its state, and whether that is its last.</param>
    public async Task RunAsync(IReadOnlyList<BatchItem> items, Func<Action<BatchItem, string, bool>, Task> work)
    {
        if (terminal is null)
        {
            await work((item, state, _) =>
            {
                lock (_writing)
                {
                    plain.WriteLine($"{item.Number}/{items.Count} {TaskProgress.Words(state)}: {Name(item)}");
                }
            });
            return;
        }

        await terminal.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new ElapsedTimeColumn())
            .StartAsync(async progress =>
            {
                var bars = new Dictionary<BatchItem, ProgressTask>();
                var whole = progress.AddTask($"{items.Count} pictures", maxValue: items.Count);
                await work((item, state, isLast) =>
                {
                    lock (_writing)
                    {
                        if (!bars.TryGetValue(item, out var bar))
                        {
                            bars[item] = bar = progress.AddTask("", maxValue: 4);
                        }

                        bar.Description = Markup.Escape($"{TaskProgress.Words(state)}: {Name(item)}");
                        bar.Value = state switch { "PENDING" => 1, "STARTED" or "RETRY" => 2, "SUCCESS" => 3, _ => bar.Value };
                        if (isLast)
                        {
                            bar.Value = bar.MaxValue;
                            bar.StopTask();
                            whole.Increment(1);
                        }
                    }
                });
            });
    }

    private static string Name(BatchItem item) => ShownText.Of(item.Arguments.Prompt, LongestName);
}
