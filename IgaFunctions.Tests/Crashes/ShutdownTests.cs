using Iga.Bench.Sites;

namespace Iga.Tests.Crashes;

/// <summary>SIGTERM under load.</summary>
[Collection(nameof(TwoHosts))]
public sealed class ShutdownTests(TwoHosts scene) : IAsyncLifetime
{
    private const string InModel = "leave-inside-model";

    /// <summary>10 s are promised, on a machine that is not busy with other tests.</summary>
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);

    public ValueTask InitializeAsync() => scene.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_rolling_restart_of_two_processes_under_load_loses_nothing_and_pays_nothing_twice()
    {
        foreach (var host in scene.Site.Hosts)
        {
            // Well within the grace period of 5 s, and long enough that there is always some in flight.
            host.Model.Pace = (TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(700));
        }

        var load = new Load(scene.Site, scene.Customer, "rolling");
        foreach (var host in scene.Site.Hosts)
        {
            await Waits.UntilAsync(() => host.Model.Drawing > 4);
            await LeaveAsync(host);
            await host.StartAsync();
        }

        var balance = await scene.CloseAsync(await load.FinishAsync());
        Assert.Equal(balance.Keys + balance.LostWithLease, balance.Pictures);
        Assert.Equal(0, balance.HandedOn);
    }

    [Fact]
    public async Task A_call_that_outlasts_the_grace_period_is_handed_on_and_the_process_exits_in_time()
    {
        var (leaving, staying) = (scene.Site.Hosts[0], scene.Site.Hosts[1]);
        var order = new Order(InModel);
        leaving.Model.Hold(order.Key);
        using var timeout = new CancellationTokenSource(Waits.Limit);
        using var unbalanced = new Customer(scene.Site) { Only = leaving };
        await unbalanced.InsistAsync(order, timeout.Token);
        await Waits.UntilAsync(() => leaving.Model.Drawing == 1);

        await LeaveAsync(leaving);
        leaving.Model.Release(order.Key);

        var balance = await scene.CloseAsync([order]);
        await leaving.StartAsync();
        Assert.Equal(2, balance.Pictures);
        Assert.Equal(1, balance.HandedOn);
        Assert.Contains(staying.Model.Pictures, picture => picture.Key == order.Key);
    }

    private static async Task LeaveAsync(SiteHost host)
    {
        var (exitCode, _) = await host.TerminateAsync(ExitLimit);
        Assert.Equal(0, exitCode);
    }
}
