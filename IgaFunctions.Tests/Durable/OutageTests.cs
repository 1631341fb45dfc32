using Iga.Tests.Fixtures;

namespace Iga.Tests.Durable;

/// <summary>The database goes away while instances run.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Nothing_is_lost_or_done_twice_when_the_database_restarts()
    {
        await using var cluster = await TestPostgres.StartAsync();
        var connection = await TestDatabase.MigrateAsync(await cluster.CreateDatabaseAsync());
        Scene scene = new();
        var options = TestRuntime.Options with { MaxConcurrentActivityFunctions = 100 };
        await using var runtime = await TestRuntime.StartAsync(connection, options, scene, typeof(BasicFunctions));
        await using var other = await TestRuntime.StartAsync(connection, options, scene, typeof(BasicFunctions));
        var ids = Enumerable.Range(0, 50).Select(n => $"crash-{n}").ToArray();
        await Task.WhenAll(ids.Select((id, n) =>
            (n % 2 == 0 ? runtime : other).Client.ScheduleNewOrchestrationInstanceAsync("TwoGates", id, Once.As(id))));
        await Eventually.Async(() => ids.All(id => scene.Count($"{id}-1") == 1));

        // Half of the results come in while the database is down for longer than a lease lasts. Both runtimes come back to
        // expired leases, and neither may take the other for dead.
        await cluster.StopAsync();
        Array.ForEach(ids[..25], id => scene.Open($"{id}-1"));
        await Eventually.Async(() => scene.Inside == 25);
        await Task.Delay(TestRuntime.Options.LeaseDuration * 1.2);
        await cluster.RestartAsync();
        await Eventually.Async(() => ids[..25].All(id => scene.Count($"{id}-2") == 1));
        await cluster.RestartAsync();
        Array.ForEach(ids, id => Array.ForEach(["1", "2"], door => scene.Open($"{id}-{door}")));

        foreach (var id in ids)
        {
            await Eventually.Async(() => HasEndedAsync(runtime, id));
            Assert.Equal(1, scene.Count($"{id}-1"));
            Assert.Equal(1, scene.Count($"{id}-2"));
        }

        Assert.InRange(runtime.Logs.Count("does not answer"), 1, 3);
    }

    [Fact]
    public async Task An_orchestration_of_n_activities_costs_n_plus_one_commits()
    {
        await using var cluster = await TestPostgres.StartAsync();
        var connection = await TestDatabase.MigrateAsync(await cluster.CreateDatabaseAsync());
        await using var runtime = await TestRuntime.StartAsync(connection, TestRuntime.Zombie, new Scene(), typeof(BasicFunctions));

        // Only transactions that write take a number; asking takes one too.
        var before = await TransactionsAsync(connection);
        await runtime.EndOfAsync(await runtime.Client.ScheduleNewOrchestrationInstanceAsync("Sum", Enumerable.Range(0, 10)));

        Assert.Equal(before + 11 + 1, await TransactionsAsync(connection));
    }

    private static async Task<long> TransactionsAsync(string connection) =>
        await TestDatabase.ReadAsync<long>(connection, "select pg_current_xact_id()::text::bigint");

    private static async Task<bool> HasEndedAsync(TestRuntime runtime, string id)
    {
        try
        {
            return (await runtime.Client.GetInstanceAsync(id))!.RuntimeStatus == OrchestrationRuntimeStatus.Completed;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false;
        }
    }
}
