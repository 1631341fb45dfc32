using Iga.Bench.Sites;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>A process that lives and calls the model, but does not reach the database.</summary>
public sealed class CutOffTests
{
    private const string InModel = "cut-off-in-model";
    private const string AwaitingItsTurn = "cut-off-awaiting-its-turn";
    private static readonly TimeSpan AmpleTime = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task A_call_whose_turn_comes_while_the_process_is_cut_off_is_not_made_by_it()
    {
        await using var site = await Site.StartAsync(new SiteOptions
        {
            Hosts = 2,
            ModelConcurrency = 1,
            ModelPace = default,
            ConnectionString = await TestCluster.CreateDatabaseAsync(),
        });
        var (lost, heir) = (site.Hosts[0], site.Hosts[1]);
        using var atLost = new Customer(site) { Only = lost };
        using var atHeir = new Customer(site) { Only = heir };
        using var timeout = new CancellationTokenSource(Waits.Limit);
        Order[] orders = [new(InModel), new(AwaitingItsTurn)];
        lost.Model.Hold(InModel);
        await atLost.InsistAsync(orders[0], timeout.Token);
        await Waits.UntilAsync(() => lost.Model.Drawing == 1);
        await AgeNextLockAsync(site);
        await atLost.InsistAsync(orders[1], timeout.Token);
        await Waits.UntilAsync(() => site.ReadAsync<bool>(
            $"select locked_at > now() - interval '1 minute' from idempotency_keys where idempotency_key = '{AwaitingItsTurn}'"));
        await Task.Delay(AmpleTime); // for the look's answer to arrive, and the call to stand in line

        lost.Network.Stall();
        foreach (var order in orders)
        {
            Assert.Equal("SUCCESS", (await atHeir.AwaitAsync(order, order.Tasks[0], timeout.Token)).Status);
        }

        lost.Model.Release(InModel);
        await Task.Delay(AmpleTime); // to make the call in
        lost.Network.Resume();

        var balance = await new Books(site, atHeir).CloseAsync(orders, Waits.Limit);
        Assert.True(balance.Violations.Count == 0, string.Join(Environment.NewLine, balance.Violations));
        Assert.Equal([InModel], lost.Model.Pictures.Select(picture => picture.Key));
        Assert.Equal([AwaitingItsTurn, InModel], heir.Model.Pictures.Select(picture => picture.Key).Order());
    }

    /// <summary>
    /// Makes the lock of the next claim so old that the look before the call of the model renews it, which shows from outside.
    /// </summary>
    private static Task<int> AgeNextLockAsync(Site site) => site.Database.ExecuteAsync(
        """
        create function age_lock() returns trigger language plpgsql as
            $$ begin new.locked_at = now() - interval '30 minutes'; return new; end $$;
        create trigger age_lock before insert on idempotency_keys for each row execute function age_lock();
        """);
}
