using System.Collections.Concurrent;
using System.Diagnostics;
using Iga.Bench.Sites;
using Spectre.Console;

namespace Iga.Bench.Chaos;

/// <summary>One run: tasks come, things break, everything is mended, the books are closed.</summary>
internal static class ChaosRun
{
    /// <summary>A task's own retry budget is 180 s; what it met last may have been a host that was down.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromMinutes(6);

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(15);

    /// <returns>The exit code: 1 if a guarantee was broken.</returns>
    public static async Task<int> ExecuteAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine(options.Command);
        var started = Stopwatch.GetTimestamp();
        await using var site = await Site.StartAsync(new SiteOptions { Hosts = options.Processes }, cancellationToken);
        site.KeepsLogs = true;
        using var customer = new Customer(site);
        var tally = new Tally();
        var orders = new ConcurrentQueue<Order>();

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(options.Duration);
        var progress = ShowAsync(site, orders, tally, stop.Token);
        var wrecking = new Wrecker(site, options.Seed, tally).RunAsync(stop.Token);
        await OrderAsync(options, customer, orders, stop.Token, cancellationToken);
        await wrecking;
        await progress;
        var faults = Scripted(site);
        Heal(site);

        Console.WriteLine($"Everything is mended; waiting for the last of {orders.Count} keys to end ...");
        var books = new Books(site, customer) { ForeseenFailures = ModelFaults.FinalKinds };
        var balance = await books.CloseAsync([.. orders], EndTimeout, cancellationToken);
        IReadOnlyList<string> violations = [.. balance.Violations, .. tally.Complaints];
        AnsiConsole.Write(ChaosReport.Table(options, tally, faults, balance, violations, Stopwatch.GetElapsedTime(started)));
        foreach (var violation in violations)
        {
            Console.WriteLine(violation);
        }

        if (violations.Count > 0)
        {
            Console.WriteLine($"A guarantee was broken. The same again: {options.Command}\nThe hosts' logs: {site.LogDirectory}");
        }

        site.KeepsLogs = violations.Count > 0;
        return violations.Count == 0 ? 0 : 1;
    }

    /// <summary>Posts new keys at the wanted rate, and repeats some of the old ones.</summary>
    private static async Task OrderAsync(
        ChaosOptions options, Customer customer, ConcurrentQueue<Order> orders, CancellationToken stop, CancellationToken cancellationToken)
    {
        var random = new Random(options.Seed);
        var posts = new ConcurrentDictionary<Task, bool>();
        var recent = new List<Order>();
        var clock = Stopwatch.StartNew();
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var order = new Order($"chaos-{options.Seed}-{number}");
            orders.Enqueue(order);
            recent.Add(order);
            Post(order);
            if (random.Next(5) == 0)
            {
                Post(recent[^random.Next(1, Math.Min(recent.Count, 200) + 1)]);
            }

            var due = TimeSpan.FromSeconds(number / options.TasksPerSecond) - clock.Elapsed;
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(posts.Keys);

        void Post(Order order)
        {
            var post = customer.PostAsync(order, cancellationToken);
            posts[post] = true;
            post.ContinueWith(done => posts.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private static void Heal(Site site)
    {
        site.Gcs.Faults.Clear();
        foreach (var host in site.Hosts)
        {
            host.Network.Resume();
            host.Model.Emulator.Faults.Clear();
        }
    }

    private static int Scripted(Site site) => site.Gcs.Faults.Served + site.Hosts.Sum(host => host.Model.Emulator.Faults.Served);

    private static async Task ShowAsync(Site site, ConcurrentQueue<Order> orders, Tally tally, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(ProgressInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Console.WriteLine(FormattableString.Invariant(
                $"{clock.Elapsed.TotalSeconds,5:0} s: {orders.Count} keys, {site.Gcs.Objects.List(Site.Bucket).Count} objects, ")
                + $"{tally.Kills} kills, {tally.Restarts} restarts, {tally.DatabaseRestarts} PostgreSQL restarts, "
                + $"{tally.NetworkFaults} network faults, {Scripted(site)} scripted faults");
        }
    }
}
