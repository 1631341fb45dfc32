using Iga.Bench.Sites;

namespace Iga.Tests.Crashes;

/// <summary>Two processes on one database of their own, which a test may break and must leave in order.</summary>
public sealed class TwoHosts : IAsyncLifetime
{
    /// <summary>What the product waits when it is told to stop.</summary>
    internal static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(25);

    internal Site Site { get; private set; } = null!;

    internal Customer Customer { get; private set; } = null!;

    internal (TimeSpan From, TimeSpan To) UsualPace { get; } = new SiteOptions().ModelPace;

    public async ValueTask InitializeAsync()
    {
        Site = await Site.StartAsync(new SiteOptions { Hosts = 2, ShutdownGrace = ShutdownGrace });
        Customer = new Customer(Site);
    }

    /// <summary>Whatever an earlier test broke and left broken when it failed, runs again.</summary>
    public async ValueTask MendAsync()
    {
        foreach (var host in Site.Hosts)
        {
            host.Network.Resume();
            host.Model.ReleaseAll();
            if (host.HasExited)
            {
                await host.StartAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Customer?.Dispose();
        if (Site is not null)
        {
            await Site.DisposeAsync();
        }
    }

    /// <summary>Closes the books on orders that all must have succeeded, and whose objects were written once each.</summary>
    internal async Task<Balance> CloseAsync(IReadOnlyCollection<Order> orders)
    {
        var balance = await new Books(Site, Customer).CloseAsync(orders, Waits.Limit);
        Assert.True(balance.Violations.Count == 0, string.Join(Environment.NewLine, balance.Violations));
        Assert.Equal(balance.Keys, balance.Succeeded);
        Assert.Equal(balance.Keys, balance.Objects);
        Assert.Equal(Site.Gcs.Objects.List(Site.Bucket).Count, Site.Gcs.Inserts);
        return balance;
    }
}
