using Iga.Bench.Sites;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>kill -9 between any two steps of a task, and inside the steps that take long.</summary>
public sealed class StepBoundaryTests
{
    private const string InModel = "inside-model";
    private const string InUpload = "inside-upload";
    private const string AfterUpload = "after-upload";

    private static readonly string[] AfterTheAnswer = ["staged", "result", "make_image"];

    [Fact]
    public async Task A_process_killed_at_every_step_of_a_task_leaves_tasks_that_end_and_are_paid_once()
    {
        // A process for each step: what it writes at the same time shares commits, and few commits are under way at once.
        await using var site = await Site.StartAsync(new SiteOptions
        {
            Hosts = AfterTheAnswer.Length,
            ConnectionString = await TestCluster.CreateDatabaseAsync(),
        });
        await using var holds = await StepHolds.StartAsync(site);
        using var customer = new Customer(site);
        var customers = site.Hosts.Select(host => new Customer(site) { Only = host }).ToArray();
        var held = StepHolds.Steps.SelectMany(step => (Order[])
            [new(StepHolds.KeyOf(step, isLate: true)), new(StepHolds.KeyOf(step, isLate: false))]).ToArray();
        Order[] inside = [new(InModel), new(InUpload), new(AfterUpload)];
        site.Hosts[0].Model.Hold(InModel);
        site.Gcs.Faults.Add("storage.objects.insert", "stall-for-600s", match: inside[1].ObjectStem);
        site.Gcs.Faults.Add("storage.objects.insert", "stall-for-600s-after-body", match: inside[2].ObjectStem);

        await PostToEachAsync(inside);
        await Waits.UntilAsync(() => site.Hosts[0].Model.Drawing == 1
            && site.Gcs.Faults.Served == 2 && site.Gcs.Objects.List(Site.Bucket, inside[2].ObjectStem).Count == 1);
        foreach (var isLate in (bool[])[true, false])
        {
            var before = await holds.CountAsync();
            await PostToEachAsync([.. AfterTheAnswer.Select(step => held.Single(order => order.Key == StepHolds.KeyOf(step, isLate)))]);
            await Waits.UntilAsync(async () => await holds.CountAsync() == before + AfterTheAnswer.Length);
        }

        // These come last: a POST gives up after some seconds.
        var posts = PostToEachAsync([.. held.Where(order => !AfterTheAnswer.Any(step => order.Key.Contains($"-{step}-")))]);
        await Waits.UntilAsync(async () => await holds.CountAsync() == held.Length);

        await Task.WhenAll(site.Hosts.Select(host => host.KillAsync()));
        await holds.ReleaseAsync();
        site.Hosts[0].Model.Release(InModel);
        await Task.WhenAll(site.Hosts.Select(host => host.StartAsync()));
        await posts;
        var balance = await new Books(site, customer).CloseAsync([.. held, .. inside], Waits.Limit);

        Assert.True(balance.Violations.Count == 0, string.Join(Environment.NewLine, balance.Violations));
        Assert.Equal(balance.Keys, balance.Succeeded);
        Assert.Equal(balance.Keys, site.Gcs.Inserts);
        Assert.Equal(1, balance.InFlightAtKill);
        var pictures = site.Hosts.SelectMany(host => host.Model.Pictures).CountBy(picture => picture.Key).ToDictionary();
        Assert.Equal(2, pictures[InModel]);
        Assert.All(held, order => Assert.Equal(1, pictures[order.Key]));
        Assert.Equal(balance.Keys + 1, balance.Pictures);
        Array.ForEach(customers, one => one.Dispose());

        Task PostToEachAsync(Order[] orders) =>
            Task.WhenAll(orders.Select((order, i) => customers[i % customers.Length].PostAsync(order, CancellationToken.None)));
    }
}
