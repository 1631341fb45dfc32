using Iga.Bench.Sites;

namespace Iga.Tests.Crashes;

/// <summary>The database crashes, and the network to it fails, while tasks run.</summary>
[Collection(nameof(TwoHosts))]
public sealed class DatabaseOutageTests(TwoHosts scene) : IAsyncLifetime
{
    private const int Tasks = 40;
    private const string InModel = "cut-inside-model";

    private readonly Site _site = scene.Site;

    public ValueTask InitializeAsync() => scene.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_database_that_crashes_and_a_network_that_fails_lose_nothing_and_cost_nothing()
    {
        var load = new Load(_site, scene.Customer, "trouble");
        var (one, other) = (_site.Hosts[0].Network, _site.Hosts[1].Network);
        await load.NextAsync(20);
        await _site.Postgres!.RestartAsync(immediate: true);

        await load.NextAsync(20);
        other.Stall();
        one.ResetAll();
        await load.NextAsync(20);
        one.Refuse();
        await Task.Delay(TimeSpan.FromSeconds(2)); // how long they are away, not how long anything takes
        one.Resume();
        other.Resume();

        await load.NextAsync(20);
        other.ResetAll();
        await _site.Postgres.RestartAsync(immediate: true);
        one.ResetAll();

        var balance = await scene.CloseAsync(await load.FinishAsync());
        Assert.Equal(balance.Keys + balance.LostWithLease, balance.Pictures);
    }

    [Fact]
    public async Task A_process_cut_off_for_longer_than_its_lease_drops_its_work_and_another_finishes_it()
    {
        var (lost, heir) = (_site.Hosts[0], _site.Hosts[1]);
        Order[] orders = [new(InModel), .. Enumerable.Range(1, Tasks).Select(number => new Order($"cut-{number}"))];
        lost.Model.Hold(InModel);
        using var timeout = new CancellationTokenSource(Waits.Limit);
        using var unbalanced = new Customer(_site) { Only = lost };
        await Task.WhenAll(orders.Select(order => unbalanced.InsistAsync(order, timeout.Token)));
        await Waits.UntilAsync(() => lost.Model.HasReached(InModel));

        lost.Network.Stall();
        using var balanced = new Customer(_site) { Only = heir };
        foreach (var order in orders)
        {
            // While the other one is cut off.
            Assert.Equal("SUCCESS", (await balanced.AwaitAsync(order, order.Tasks[0], timeout.Token)).Status);
        }

        // What it had sent arrives now, its last call of the model comes back, and it may do no harm with either.
        lost.Network.Resume();
        lost.Model.Release(InModel);

        var balance = await scene.CloseAsync(orders);
        Assert.Equal(balance.Keys + 1, balance.Pictures);
        Assert.Equal(1, balance.LostWithLease);
        Assert.False(lost.HasExited);
    }
}
