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
        var stacks = await StacksAsync(options, lab, cancellationToken);
        var versions = stacks.OfType<OwnStack>().ToDictionary(stack => stack.Name, stack => stack.Build.Version);
        var report = new Report(results, [.. stacks.Select(stack => stack.Name)], versions, options.Settings.Rounds);
        var table = "";
        foreach (var measure in options.Measures)
        {
            for (var round = 1; round <= options.Settings.Rounds; round++)
            {
                // Forwards, then backwards: what a machine does over time befalls all alike.
                var turns = stacks.Where(measure.Concerns);
                foreach (var stack in round % 2 == 1 ? turns : turns.Reverse())
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

    private static async Task<IStack[]> StacksAsync(MeasureOptions options, Lab lab, CancellationToken cancellationToken)
    {
        IStack[] own = [new OwnStack(ServiceBuild.Own)];
        if (options.Against is { } against)
        {
            var withEngine = options.Measures.Any(measure => measure is EngineMeasure);
            var published = await ServiceBuild.PublishOwnAsync(Path.Combine(lab.Directory, "new"), withEngine, cancellationToken);
            var before = await ServiceBuild.OfAsync(against, Path.Combine(lab.Directory, "before"), withEngine, cancellationToken);
            own = [new OwnStack(published), new OwnStack(before, OwnStack.Before)];
        }

        var problem = options.WithPeer ? PeerPackages.Problem(options.MayInstall) : null;
        if (problem is not null)
        {
            Console.Error.WriteLine(problem);
        }

        return !options.WithPeer || problem is not null ? own
            : options.Settings.IsQuick ? [.. own, PeerStack.Pooled]
            : [.. own, PeerStack.Default, PeerStack.Pooled, PeerStack.Best];
    }
}
