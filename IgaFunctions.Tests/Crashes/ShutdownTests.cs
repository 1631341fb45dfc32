using Iga.Bench.Sites;

namespace Iga.Tests.Crashes;

/// <summary>SIGTERM under load.</summary>
[Collection(nameof(TwoHosts))]
public sealed class ShutdownTests(TwoHosts scene) : IAsyncLifetime
{
    private const string InModel = "leave-inside-model";

    /// <summary>The grace period and 9 s are promised, on a machine that is not busy with other tests.</summary>
    private static readonly TimeSpan ExitLimit = TwoHosts.ShutdownGrace + TimeSpan.FromSeconds(30);

    public ValueTask InitializeAsync() => scene.MendAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_rolling_restart_of_two_processes_under_load_loses_nothing_and_pays_nothing_twice()
    {
        foreach (var host in scene.Site.Hosts)
        {
            // As a model is: longer than a supervisor waits that was told nothing, and within the grace period.
            host.Model.Pace = (TimeSpan.FromSeconds(5.5), TimeSpan.FromSeconds(7));
        }

        var load = new Load(scene.Site, scene.Customer, "rolling");
        foreach (var host in scene.Site.Hosts)
        {
            await Waits.UntilAsync(() => host.Model.Drawing > 4);
            await LeaveAsync(host);
            await host.StartAsync();
        }

        foreach (var host in scene.Site.Hosts)
        {
            host.Model.Pace = scene.UsualPace;
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
        await LeaveAsync(leaving);
        leaving.ShutdownGrace = TimeSpan.FromSeconds(1);
        await leaving.StartAsync();
        leaving.Model.Hold(order.Key);
        using var timeout = new CancellationTokenSource(Waits.Limit);
        using var unbalanced = new Customer(scene.Site) { Only = leaving };
        await unbalanced.InsistAsync(order, timeout.Token);
        await Waits.UntilAsync(() => leaving.Model.Drawing == 1);

        await LeaveAsync(leaving);
        leaving.Model.Release(order.Key);

        var balance = await scene.CloseAsync([order]);
        leaving.ShutdownGrace = TwoHosts.ShutdownGrace;
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
