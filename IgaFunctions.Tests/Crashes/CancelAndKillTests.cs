using System.Net;
using System.Text.Json;
using Iga.Bench.Sites;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>kill -9 of the process that runs a task, and of the one that cancels it.</summary>
public sealed class CancelAndKillTests
{
    private const string InModel = "cancelled-in-model";
    private const string Stored = "cancelled-after-upload";
    private const string Live = "cancelled-elsewhere";

    [Fact]
    public async Task A_cancelled_task_ends_and_leaves_nothing_though_every_process_that_knows_of_it_is_killed()
    {
        await using var site = await Site.StartAsync(
            new SiteOptions { Hosts = 2, ModelPace = default, ConnectionString = await TestCluster.CreateDatabaseAsync() });
        var (runs, cancels) = (site.Hosts[0], site.Hosts[1]);
        using var customer = new Customer(site) { Only = runs };
        using var anywhere = new Customer(site);
        using var timeout = new CancellationTokenSource(Waits.Limit);
        Order[] orders = [new(InModel), new(Stored), new(Live)];
        runs.Model.Hold(InModel);
        runs.Model.Hold(Live);
        site.Gcs.Faults.Add("storage.objects.insert", "stall-for-600s-after-body", match: orders[1].ObjectStem);
        foreach (var order in orders)
        {
            await customer.InsistAsync(order, timeout.Token);
        }

        await Waits.UntilAsync(() => runs.Model.Drawing == 2 && site.Gcs.Objects.List(Site.Bucket, orders[1].ObjectStem).Count == 1);

        // A call of the model in another process, which lives: its task has ended with the answer, and the picture that comes is dropped.
        Assert.Equal((HttpStatusCode.OK, "FAILURE"), await CancelAsync(cancels, orders[2]));
        runs.Model.Release(Live);

        await runs.KillAsync();
        Assert.Equal((HttpStatusCode.OK, "FAILURE"), await CancelAsync(cancels, orders[0]));
        Assert.Equal(HttpStatusCode.Accepted, (await CancelAsync(cancels, orders[1])).Status); // its object is there
        await cancels.KillAsync();
        runs.Model.ReleaseAll();
        await Task.WhenAll(site.Hosts.Select(host => host.StartAsync()));

        foreach (var order in orders)
        {
            Assert.Equal(("FAILURE", "task_revoked"), await anywhere.AwaitAsync(order, order.Tasks[0], timeout.Token));
            Assert.Empty(site.Gcs.Objects.List(Site.Bucket, order.ObjectStem));
        }

        await Waits.UntilAsync(() => !site.StagedFiles.Any());
        await Waits.UntilAsync(() => site.ReadAsync<bool>(
            "select bool_and(status = 'failed' and cancelling_since is null and locked_at is null) from idempotency_keys"));
        Assert.Equal(orders.Length, site.Hosts.Sum(host => host.Model.Pictures.Count)); // none was made again
    }

    private static async Task<(HttpStatusCode Status, string? State)> CancelAsync(SiteHost host, Order order)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        var (status, body) = await client.CancelAsync(order.Tasks[0]);
        return (status, body.TryGetProperty("status", out var state) && state.ValueKind == JsonValueKind.String ? state.GetString() : null);
    }
}
