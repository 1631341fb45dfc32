using System.Collections.Concurrent;
using System.Globalization;
using Iga.Emulators.Storage;

namespace Iga.Bench.Sites;

/// <summary>
/// Checks the four guarantees when all is over and all hosts are well: one key one image; paid once; accepted is kept;
/// nothing half done.
/// </summary>
internal sealed class Books(Site site, Customer customer)
{
    private const int AtOnce = 64;

    /// <summary>The sweeper looks every 15 s for what is older than 15 s.</summary>
    private static readonly TimeSpan SweepTimeout = TimeSpan.FromSeconds(50);

    /// <summary>The kinds of failure that the faults were scripted for; none by default.</summary>
    public IReadOnlyCollection<string> ForeseenFailures { get; init; } = [];

    /// <summary>
    /// Has every order accepted and waits for its end, posts every key once more, and compares. Knows of no other orders.
    /// </summary>
    /// <param name="timeout">How long the orders may take to end.</param>
    public async Task<Balance> CloseAsync(
        IReadOnlyCollection<Order> orders, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        var lost = await EndAllAsync(orders, timeout, cancellationToken);
        var doubled = await RepeatAllAsync(orders, cancellationToken);
        var left = await LookForLeftoversAsync(cancellationToken);
        var objects = site.Gcs.Objects.List(Site.Bucket, Site.Prefix);
        var byKey = objects.ToLookup(stored => stored.Name[..stored.Name.LastIndexOf('_')] + "_");
        foreach (var order in orders)
        {
            var names = byKey[order.ObjectStem].Select(stored => $"gs://{Site.Bucket}/{stored.Name}").ToArray();
            if (order.Status == "SUCCESS" ? names is not [var only] || only != order.Result : names.Length > 0)
            {
                doubled.Add($"{Describe(order)} has the objects [{string.Join(", ", names)}]");
            }
        }

        var failures = orders.Where(order => order.Status == "FAILURE" && !ForeseenFailures.Contains(order.Result))
            .Select(order => $"{Describe(order)} failed as {order.Result}");
        var bill = await AccountAsync(orders, byKey);
        return new Balance
        {
            Tasks = orders.Sum(order => order.Tasks.Count),
            Keys = orders.Count,
            Succeeded = orders.Count(order => order.Status == "SUCCESS"),
            Failed = orders.Count(order => order.Status == "FAILURE"),
            Objects = orders.Sum(order => byKey[order.ObjectStem].Count()),
            Pictures = bill.Pictures,
            InFlightAtKill = bill.InFlightAtKill,
            LostWithLease = bill.LostWithLease,
            HandedOn = bill.HandedOn,
            Spoiled = bill.Spoiled,
            Lost = lost,
            Doubled = doubled,
            PaidTwice = bill.PaidTwice,
            Other = [.. left, .. failures, .. orders.SelectMany(order => order.Complaints.Select(c => $"{Describe(order)}: {c}"))],
        };
    }

    private async Task<List<string>> EndAllAsync(
        IReadOnlyCollection<Order> orders, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var lost = new ConcurrentBag<string>();
        await InParallelAsync(orders, async order =>
        {
            try
            {
                if (!order.IsAccepted)
                {
                    await customer.InsistAsync(order, limit.Token);
                }

                foreach (var task in order.Tasks)
                {
                    var earlier = order.Status;
                    (order.Status, order.Result) = await customer.AwaitAsync(order, task, limit.Token);
                    if (order.Status == "CONFLICT" || earlier == "SUCCESS")
                    {
                        // Nobody takes keys over here, and only after a failure a key starts another task.
                        lost.Add($"{Describe(order)} has a task that ended in {order.Status} {order.Result}");
                    }
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                lost.Add($"{Describe(order)} was accepted and has not ended");
            }
        });
        return [.. lost];
    }

    /// <summary>The same POST once more brings the same task; after a FAILURE it would start another.</summary>
    private async Task<List<string>> RepeatAllAsync(IReadOnlyCollection<Order> orders, CancellationToken cancellationToken)
    {
        var doubled = new ConcurrentBag<string>();
        await InParallelAsync(orders.Where(order => order.Status == "SUCCESS"), async order =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            var last = order.Tasks[^1];
            var (task, isReplay) = await customer.InsistAsync(order, limit.Token);
            if (task != last || !isReplay)
            {
                doubled.Add($"{Describe(order)} was given task {task} when its POST was repeated");
            }
        });
        return [.. doubled];
    }

    private async Task<List<string>> LookForLeftoversAsync(CancellationToken cancellationToken)
    {
        var end = DateTimeOffset.UtcNow + SweepTimeout;
        while (true)
        {
            var left = new List<string>();
            await CountAsync("keys locked or in flight", "idempotency_keys where status = 'processing' or locked_at is not null");
            await CountAsync("instances leased or not ended", "iga_runtime.instances where lease_owner is not null or ended_at is null");
            left.AddRange(site.StagedFiles.Select(file => $"left behind: the staged file {file}"));
            left.AddRange(site.Hosts.Where(host => host.Model.Drawing > 0).Select(host => $"host {host.Run} still calls the model"));
            if (left.Count == 0 || DateTimeOffset.UtcNow > end)
            {
                return left;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);

            async Task CountAsync(string what, string rows)
            {
                if (await site.ReadAsync<long>($"select count(*) from {rows}") is var count and > 0)
                {
                    left.Add(string.Create(CultureInfo.InvariantCulture, $"left behind: {count} {what}"));
                }
            }
        }
    }

    /// <summary>
    /// A task may pay for one picture, and for one more for each that its host had not staged yet when it was cut off, or
    /// that a scripted fault spoiled.
    /// </summary>
    private async Task<Bill> AccountAsync(IReadOnlyCollection<Order> orders, ILookup<string, StoredObject> objects)
    {
        var tasks = await ReadTasksAsync();
        var pictures = site.Hosts.SelectMany(host => host.Model.Pictures).ToLookup(picture => picture.Key);
        var bill = new Bill { Spoiled = site.Hosts.Sum(host => host.Model.Spoiled) };
        var excuses = bill.Spoiled;
        foreach (var order in orders)
        {
            var paid = pictures[order.Key].ToArray();
            var cutOff = paid.Where(picture => WasCutOff(picture.Caller.CutOff, order)).ToArray();
            bill.Pictures += paid.Length;
            bill.InFlightAtKill += cutOff.Count(picture => picture.Caller.CutOff!.WasKilled);
            bill.HandedOn += cutOff.Count(picture => !picture.Caller.CutOff!.WasKilled);

            var excess = Math.Max(0, paid.Length - cutOff.Length - Math.Max(1, tasks[order.Key].Count()));
            var lost = Math.Min(excess, paid.Except(cutOff).Count(picture => picture.Caller.LostItsLeaseAfter(picture)));
            bill.LostWithLease += lost;
            if (excess > lost && (excuses -= excess - lost) < 0)
            {
                bill.PaidTwice.Add($"{Describe(order)} was paid for by the runs "
                    + string.Join(", ", paid.Select(p => $"{p.Caller} ({p.BegunAt:HH:mm:ss.fff} to {p.MadeAt:HH:mm:ss.fff})")));
            }
        }

        return bill;

        bool WasCutOff(CutOff? cutOff, Order order) => cutOff is not null
            && !tasks[order.Key].Any(cutOff.Staged.Contains)
            && !objects[order.ObjectStem].Any(stored => stored.TimeCreated <= cutOff.At);
    }

    /// <returns>The ids of all tasks that a key had.</returns>
    private async Task<ILookup<string, string>> ReadTasksAsync()
    {
        await using var command = site.Database.CreateCommand("""
            select idempotency_key, task_id::text from idempotency_keys
            union select idempotency_key, task_id::text from iga_task_archive where error_payload is not null
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var tasks = new List<(string Key, string Task)>();
        while (await reader.ReadAsync())
        {
            tasks.Add((reader.GetString(0), reader.GetString(1)));
        }

        return tasks.ToLookup(row => row.Key, row => row.Task);
    }

    private static Task InParallelAsync(IEnumerable<Order> orders, Func<Order, Task> body) => Parallel.ForEachAsync(
        orders, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (order, _) => await body(order));

    private static string Describe(Order order) => $"key {order.Key} (tasks {string.Join(", ", order.Tasks)}; {order.Status})";

    private sealed class Bill
    {
        public int Pictures { get; set; }

        public int InFlightAtKill { get; set; }

        public int LostWithLease { get; set; }

        public int HandedOn { get; set; }

        public int Spoiled { get; init; }

        public List<string> PaidTwice { get; } = [];
    }
}
