using Iga.Bench.Sites;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>kill -9 at random moments while tasks run.</summary>
public sealed class RandomKillTests
{
    // Both mostly wait for the leases of the dead to run out, so they run side by side.
    private static readonly Lazy<Task<KillRun>> One = new(() => KillAsync(hosts: 1, kills: 2));
    private static readonly Lazy<Task<KillRun>> Three = new(() => KillAsync(hosts: 3, kills: 4));

    [Fact]
    public async Task One_process_killed_at_random_moments_loses_nothing_and_pays_once()
    {
        _ = Three.Value;
        Check(await One.Value);
    }

    [Fact]
    public async Task Three_processes_on_one_database_killed_at_random_moments_lose_nothing_and_pay_once()
    {
        _ = One.Value;
        Check(await Three.Value);
    }

    private static void Check(KillRun run)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"{run}");
        Assert.True(run.Balance.Violations.Count == 0, string.Join(Environment.NewLine, run.Balance.Violations));
        Assert.Equal(run.Balance.Keys, run.Balance.Succeeded);
        Assert.Equal(run.Balance.Keys, run.Balance.Objects);
        Assert.Equal(run.Balance.Keys, run.Inserts);
    }

    private static async Task<KillRun> KillAsync(int hosts, int kills)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        await using var site = await Site.StartAsync(
            new SiteOptions { Hosts = hosts, ConnectionString = await TestCluster.CreateDatabaseAsync() });
        using var customer = new Customer(site);
        var load = new Load(site, customer, $"kill-{seed}");

        for (var kill = 0; kill < kills; kill++)
        {
            var host = site.Hosts[random.Next(hosts)];
            await load.NextAsync(20);
            await Task.Delay(random.Next(1000)); // the moment is what is random here
            await host.KillAsync();
            await host.StartAsync();
        }

        var orders = await load.FinishAsync();
        var balance = await new Books(site, customer).CloseAsync(orders, Waits.Limit);
        return new KillRun(seed, balance, site.Gcs.Inserts);
    }

    private sealed record KillRun(int Seed, Balance Balance, int Inserts);
}
