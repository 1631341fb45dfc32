using System.Diagnostics;
using Iga.Bench.Limits;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;
using Iga.LocalHost.Durable.Store;
using Iga.Workflow;
using Npgsql;

namespace Iga.Bench.Measures;

/// <summary>
/// What an accept, a poll and a claim of waiting instances cost with a thousand, a hundred thousand and a million ended tasks: of the
/// service, and of PostgreSQL alone in the same tables.
/// </summary>
internal sealed class GrowthMeasure : IMeasure
{
    /// <summary>So many of the ended tasks are polled, again and again.</summary>
    private const int Sample = 2_000;

    private const int ClaimBatch = 100;
    private const int Claims = 20;

    /// <summary>Of the claims: the first ones plan the statement.</summary>
    private const int Unmeasured = 3;

    /// <summary>As <c>claim.sql</c> has it.</summary>
    private static readonly Guid Worker = new("01a20dec-346d-7359-ab99-3e98f38ccc5a");

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
            var group = $"growth, {rows:#,0} rows";
            await MeasureAsync(service, stack.Name, group, settings, results, cancellationToken);
            await service.KillAsync();
            await ClearAsync(service, cancellationToken);
            if (stack is OwnStack { IsFirst: true })
            {
                // The statements are this version's.
                await MeasureLimitAsync(lab, service, group, settings, results, cancellationToken);
                results.Add(stack.Name, group, $"claim of {ClaimBatch} p50", Unit.Milliseconds, await ClaimAsync(service, cancellationToken));
            }
        }
    }

    private static async Task MeasureAsync(
        Service service, string stack, string group, Settings settings, Results results, CancellationToken cancellationToken)
    {
        var ids = (await service.EndedAsync(Sample, cancellationToken)).Select(Requests.Poll).ToArray();
        var keys = Guid.NewGuid().ToString("N");
        var count = settings.Amount(2_000, 50);
        await LoadAsync(number => Requests.Post($"{keys}-warm-{number}"), 8);
        var accept = await LoadAsync(number => Requests.Post($"{keys}-{number}"), 1);
        await LoadAsync(number => ids[number % ids.Length], 8);
        var poll = await LoadAsync(number => ids[number % ids.Length], 1);
        results.Add(stack, group, "accept p50", Unit.Milliseconds, accept.Latencies.Median);
        results.Add(stack, group, "poll p50", Unit.Milliseconds, poll.Latencies.Median);

        async Task<LoadResult> LoadAsync(Func<int, ReadOnlyMemory<byte>> request, int clients) =>
            (await LoadGenerator.RunAsync(
                service.Address, new LoadOptions(clients, count, TimeSpan.FromSeconds(10)), request, 0, null, cancellationToken))
            .ThrowOnErrors("growth");
    }

    /// <summary>The same of pgbench, as often, and as much of it unmeasured before.</summary>
    private static async Task MeasureLimitAsync(
        Lab lab, Service service, string group, Settings settings, Results results, CancellationToken cancellationToken)
    {
        var pgbench = new Pgbench(lab, service);
        await pgbench.SampleAsync(Sample, cancellationToken);
        var count = settings.Amount(2_000, 50);
        foreach (var part in new[] { "accept", "poll" })
        {
            await pgbench.RateAsync([part], 8, $"--transactions={count / 8}", cancellationToken);
            results.Add(
                PostgresLimit.Title, group, $"{part} p50", Unit.Milliseconds,
                new Latencies(await pgbench.MillisecondsAsync(part, count, cancellationToken)).Median);
        }

        await ClearAsync(service, cancellationToken);
        await AddWaitingAsync(service, cancellationToken);
        var claims = await pgbench.MillisecondsAsync("claim", Claims, cancellationToken);
        results.Add(
            PostgresLimit.Title, group, $"claim of {ClaimBatch} p50", Unit.Milliseconds, new Latencies(claims.Skip(Unmeasured)).Median);
        await ClearAsync(service, cancellationToken);
    }

    /// <summary>What the runtime's own statement takes to lease a batch of what waits, on a connection of its own.</summary>
    private static async Task<double> ClaimAsync(Service service, CancellationToken cancellationToken)
    {
        await AddWaitingAsync(service, cancellationToken);
        await using var database = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(service.ConnectionString) { MaxAutoPrepare = 10, AutoPrepareMinUsages = 1 });
        var leases = new LeaseStore(database);
        var times = new List<double>();
        for (var number = 0; number < Claims; number++)
        {
            var started = Stopwatch.GetTimestamp();
            var claimed = await leases.ClaimAsync(Worker, [ImageWorkflow.Name], ClaimBatch, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (claimed.Count != ClaimBatch)
            {
                throw new MeasureFailedException($"A claim of {ClaimBatch} instances got {claimed.Count}.");
            }
        }

        await ClearAsync(service, cancellationToken);
        return new Latencies(times.Skip(Unmeasured)).Median;
    }

    /// <summary>Instances that wait for the worker, as many as are claimed.</summary>
    private static Task AddWaitingAsync(Service service, CancellationToken cancellationToken) => service.ExecuteAsync(
        $"""
        insert into iga_runtime.instances (instance_id, execution_id, name, status, created_at, start_at, last_updated_at)
        select {EndedTasks.NewId("clock_timestamp()")}::text, gen_random_uuid(), '{ImageWorkflow.Name}', 6, now(), now(), now()
        from generate_series(1, {ClaimBatch * Claims});
        insert into iga_runtime.workers (worker_id, expires_at) values ('{Worker}', now() + interval '1 hour')
        """,
        cancellationToken);

    /// <summary>Takes away all but the ended tasks: whatever a killed host had is nobody's now.</summary>
    private static async Task ClearAsync(Service service, CancellationToken cancellationToken)
    {
        await service.ExecuteAsync(
            """
            delete from iga_runtime.instances where ended_at is null;
            delete from idempotency_keys where status = 'processing';
            delete from iga_runtime.workers
            """,
            cancellationToken);
        await service.ExecuteAsync("vacuum analyze iga_runtime.instances", cancellationToken);
        await service.ExecuteAsync("vacuum analyze idempotency_keys", cancellationToken);
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
