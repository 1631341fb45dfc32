using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>Takes the measures, in rounds, on one system after the other, and reports.</summary>
internal static class MeasureRun
{
    public static async Task<int> ExecuteAsync(MeasureOptions options, CancellationToken cancellationToken)
    {
        var results = new Results { Tell = Console.WriteLine };
        await using var lab = await Lab.OpenAsync(cancellationToken);
        var stacks = Stacks(options);
        var report = new Report(results, [.. stacks.Select(stack => stack.Name)], options.Settings.Rounds);
        var table = "";
        foreach (var measure in options.Measures)
        {
            for (var round = 1; round <= options.Settings.Rounds; round++)
            {
                foreach (var stack in stacks.Where(measure.Concerns))
                {
                    Console.WriteLine($"{measure.Name}, round {round}, {stack.Name}");
                    try
                    {
                        await measure.TakeAsync(lab, stack, round, options.Settings, results, cancellationToken);
                    }
                    catch
                    {
                        lab.KeepsDirectory = true;
                        Console.Error.WriteLine($"Failed; the logs are in {lab.Directory}");
                        throw;
                    }
                }
            }

            // After each, so that a failure costs no more than its own measure.
            table = await report.SaveAsync(options.Out, cancellationToken);
        }

        Console.WriteLine(table);
        Console.WriteLine($"Saved as bench.md and bench.json in {Path.GetFullPath(options.Out)}.");
        return 0;
    }

    private static IStack[] Stacks(MeasureOptions options)
    {
        var problem = options.WithPeer ? PeerPackages.Problem(options.MayInstall) : null;
        if (problem is not null)
        {
            Console.Error.WriteLine(problem);
        }

        return !options.WithPeer || problem is not null ? [new OwnStack()]
            : options.Settings.IsQuick ? [new OwnStack(), PeerStack.Pooled]
            : [new OwnStack(), PeerStack.Default, PeerStack.Pooled, PeerStack.Best];
    }
}
