using System.Diagnostics;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;
using Iga.LocalHost.Durable.Store;
using Iga.Workflow;
using Npgsql;

namespace Iga.Bench.Measures;

/// <summary>What an accept, a poll and a claim of waiting instances cost with a thousand, a hundred thousand and a million ended tasks.</summary>
internal sealed class GrowthMeasure : IMeasure
{
    private const int ClaimBatch = 100;
    private const int Claims = 20;

    private readonly Dictionary<(string Stack, int Rows), string> _databases = [];

    public string Name => "growth";

    public bool Concerns(IStack stack) => stack is OwnStack;

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        foreach (var rows in settings.Amount<int[]>([1_000, 100_000, 1_000_000], [1_000]))
        {
            lab.Model.Latency = TimeSpan.FromMinutes(8);
            await using var service = ((OwnStack)stack).Over(lab, await DatabaseAsync(lab, (OwnStack)stack, rows, cancellationToken));
            service.KeepsDatabase = round < settings.Rounds;
            service.Launch();
            await service.UntilAnsweredAsync(
                Requests.Get("/health"), answer => answer.Status == 200, cancellationToken);
            await MeasureAsync(service, (OwnStack)stack, rows, settings, results, cancellationToken);
        }
    }

    private static async Task MeasureAsync(
        Service service, OwnStack stack, int rows, Settings settings, Results results, CancellationToken cancellationToken)
    {
        var ids = (await service.EndedAsync(2_000, cancellationToken)).Select(Requests.Poll).ToArray();
        var keys = Guid.NewGuid().ToString("N");
        var count = settings.Amount(2_000, 50);
        await LoadAsync(number => Requests.Post($"{keys}-warm-{number}"), 8, count);
        var accept = await LoadAsync(number => Requests.Post($"{keys}-{number}"), 1, count);
        await LoadAsync(number => ids[number % ids.Length], 8, count);
        var poll = await LoadAsync(number => ids[number % ids.Length], 1, count);
        await service.KillAsync();

        var group = $"growth, {rows:#,0} rows";
        results.Add(stack.Name, group, "accept p50", Unit.Milliseconds, accept.Latencies.Median);
        results.Add(stack.Name, group, "poll p50", Unit.Milliseconds, poll.Latencies.Median);
        if (stack.IsFirst)
        {
            // The statement is this version's.
            results.Add(stack.Name, group, $"claim of {ClaimBatch} p50", Unit.Milliseconds, await ClaimAsync(service, cancellationToken));
        }

        async Task<LoadResult> LoadAsync(Func<int, ReadOnlyMemory<byte>> request, int clients, int requests) =>
            (await LoadGenerator.RunAsync(
                service.Address, new LoadOptions(clients, requests, TimeSpan.FromSeconds(10)), request, 0, null, cancellationToken))
            .ThrowOnErrors("growth");
    }

    /// <summary>What the runtime's own statement takes to lease a batch of what waits, on a connection of its own.</summary>
    private static async Task<double> ClaimAsync(Service service, CancellationToken cancellationToken)
    {
        // Whatever the killed host had is nobody's now.
        await service.ExecuteAsync(
            $"""
            delete from iga_runtime.instances where ended_at is null;
            delete from idempotency_keys where status = 'processing';
            insert into iga_runtime.instances (instance_id, execution_id, name, status, created_at, start_at, last_updated_at)
            select {EndedTasks.NewId("clock_timestamp()")}::text, gen_random_uuid(), '{ImageWorkflow.Name}', 6, now(), now(), now()
            from generate_series(1, {ClaimBatch * Claims});
            """,
            cancellationToken);
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(service.ConnectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 });
        var worker = Guid.NewGuid();
        await service.ExecuteAsync(
            $"insert into iga_runtime.workers (worker_id, expires_at) values ('{worker}', now() + interval '1 hour')", cancellationToken);
        var leases = new LeaseStore(database);
        var times = new List<double>();
        for (var number = 0; number < Claims; number++)
        {
            var started = Stopwatch.GetTimestamp();
            var claimed = await leases.ClaimAsync(worker, [ImageWorkflow.Name], ClaimBatch, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (claimed.Count != ClaimBatch)
            {
                throw new MeasureFailedException($"A claim of {ClaimBatch} instances got {claimed.Count}.");
            }
        }

        await service.ExecuteAsync(
            "delete from iga_runtime.instances where ended_at is null; delete from iga_runtime.workers", cancellationToken);
        await service.ExecuteAsync("vacuum analyze iga_runtime.instances", cancellationToken);
        return new Latencies(times.Skip(3)).Median;
    }

    /// <summary>The same in all rounds: to fill one takes long.</summary>
    private async Task<string> DatabaseAsync(Lab lab, OwnStack stack, int rows, CancellationToken cancellationToken)
    {
        if (!_databases.TryGetValue((stack.Name, rows), out var database))
        {
            database = await lab.Databases.CreateDatabaseAsync(cancellationToken);
            await using var service = stack.Over(lab, database);
            service.KeepsDatabase = true;
            service.Launch();
            await service.UntilAnsweredAsync(Requests.Get("/health"), answer => answer.Status == 200, cancellationToken);
            await service.KillAsync();
            await service.AddEndedAsync(rows, 1, cancellationToken);
            await service.ExecuteAsync("vacuum analyze", cancellationToken);
            await service.ExecuteAsync("checkpoint", cancellationToken);
            _databases[(stack.Name, rows)] = database;
        }

        return database;
    }
}
