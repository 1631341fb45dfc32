using Iga.Bench.Sites;

namespace Iga.Bench.Chaos;

/// <summary>
/// Breaks things at random: every host on its own, the database, the model and the bucket. Whatever it breaks it mends again
/// after a while.
/// </summary>
internal sealed class Wrecker(Site site, int seed, Tally tally)
{
    /// <summary>A host exits within 10 s, and the machine may be busy.</summary>
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(11);

    /// <summary>Breaks until cancelled; everything runs again when the task ends.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
    [
        .. site.Hosts.Select((host, index) => RepeatAsync(index, 3, 15, random => BreakHostAsync(host, random), stop)),
        RepeatAsync(100, 20, 60, _ => RestartDatabaseAsync(), stop),
        RepeatAsync(101, 1, 4, BreakModelAsync, stop),
        RepeatAsync(102, 1, 4, BreakBucketAsync, stop),
    ]);

    private async Task RepeatAsync(int stream, double fromSeconds, double toSeconds, Func<Random, Task> wreck, CancellationToken stop)
    {
        // A stream of its own for each, so that the seed decides it all however the machine schedules.
        var random = new Random(HashCode(seed, stream));
        while (true)
        {
            var pause = TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * random.NextDouble()));
            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            await wreck(random);
        }
    }

    private async Task BreakHostAsync(SiteHost host, Random random)
    {
        switch (random.Next(10))
        {
            case < 4:
                await host.KillAsync();
                tally.Kill();
                await PauseAsync(random, 0, 3);
                await host.StartAsync();
                break;
            case < 6:
                await TerminateAsync(host);
                await PauseAsync(random, 0, 1);
                await host.StartAsync();
                break;
            case < 8:
                host.Network.ResetAll();
                tally.NetworkFault();
                break;
            case 8:
                host.Network.Refuse();
                tally.NetworkFault();
                await PauseAsync(random, 1, 6);
                host.Network.Resume();
                break;
            default:
                // Sometimes for longer than the lease of 10 s.
                host.Network.Stall();
                tally.NetworkFault();
                await PauseAsync(random, 1, 16);
                host.Network.Resume();
                break;
        }
    }

    private async Task TerminateAsync(SiteHost host)
    {
        var run = host.Run;
        try
        {
            var (exitCode, took) = await host.TerminateAsync(ExitTimeout);
            tally.Restart();
            if (exitCode != 0 || took > ExitLimit)
            {
                tally.Complain(FormattableString.Invariant(
                    $"host {run} ended with {exitCode} {took.TotalSeconds:0.0} s after its SIGTERM"));
            }
        }
        catch (TimeoutException)
        {
            tally.Complain($"host {run} still ran {ExitTimeout.TotalSeconds} s after its SIGTERM");
            await host.KillAsync();
        }
    }

    private async Task RestartDatabaseAsync()
    {
        await site.Postgres!.RestartAsync(immediate: true);
        tally.DatabaseRestart();
    }

    private Task BreakModelAsync(Random random)
    {
        var names = random.Next(10) switch
        {
            0 => ModelFaults.Final,
            < 4 => ModelFaults.Spoiling,
            _ => ModelFaults.Passing,
        };
        var host = site.Hosts[random.Next(site.Hosts.Count)];
        host.Model.Emulator.Faults.Add("vertex.generateContent", names[random.Next(names.Count)], random.Next(1, 4));
        return Task.CompletedTask;
    }

    private Task BreakBucketAsync(Random random)
    {
        site.Gcs.Faults.Add(
            "storage.objects.insert", ModelFaults.Storage[random.Next(ModelFaults.Storage.Count)], random.Next(1, 4));
        return Task.CompletedTask;
    }

    private static Task PauseAsync(Random random, double from, double to) =>
        Task.Delay(TimeSpan.FromSeconds(from + ((to - from) * random.NextDouble())));

    private static int HashCode(int seed, int stream) => unchecked((seed * 397) ^ ((stream + 1) * 16777619));
}
