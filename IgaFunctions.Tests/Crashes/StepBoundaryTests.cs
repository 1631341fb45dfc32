using Iga.Bench.Sites;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Crashes;

/// <summary>kill -9 between any two steps of a task, and inside the steps that take long.</summary>
public sealed class StepBoundaryTests
{
    private const string InModel = "inside-model";
    private const string InUpload = "inside-upload";
    private const string AfterUpload = "after-upload";

    private static readonly string[] BeforeTheAnswer = ["claim", "schedule"];
    private static readonly string[] AfterStaging = ["generate_image_activity", "upload_image", "result", "complete_task"];

    [Fact]
    public async Task A_process_killed_at_every_step_of_a_task_leaves_tasks_that_end_and_are_paid_once()
    {
        await using var site = await Site.StartAsync(
            new SiteOptions { ConnectionString = await TestCluster.CreateDatabaseAsync() });
        await using var holds = await StepHolds.StartAsync(site);
        using var customer = new Customer(site);
        var host = site.Hosts[0];
        var held = StepHolds.Steps.SelectMany(step => (Order[])
            [new(StepHolds.KeyOf(step, isLate: true)), new(StepHolds.KeyOf(step, isLate: false))]).ToArray();
        Order[] inside = [new(InModel), new(InUpload), new(AfterUpload)];
        host.Model.Hold(InModel);
        site.Gcs.Faults.Add("storage.objects.insert", "stall-for-600s", match: inside[1].ObjectStem);
        site.Gcs.Faults.Add("storage.objects.insert", "stall-for-600s-after-body", match: inside[2].ObjectStem);

        // Those whose POST is held come last: a POST gives up after some seconds.
        var early = held.Where(order => !IsBeforeTheAnswer(order)).ToArray();
        await Task.WhenAll(early.Concat(inside).Select(order => customer.PostAsync(order, CancellationToken.None)));
        await Patience.UntilAsync(async () => await holds.CountAsync() == early.Length && host.Model.Drawing == 1
            && site.Gcs.Faults.Served == 2 && site.Gcs.Objects.List(Site.Bucket, inside[2].ObjectStem).Count == 1);
        var posts = held.Where(IsBeforeTheAnswer).Select(order => customer.PostAsync(order, CancellationToken.None)).ToArray();
        await Patience.UntilAsync(async () => await holds.CountAsync() == held.Length);

        await host.KillAsync();
        await holds.ReleaseAsync();
        host.Model.Release(InModel);
        await host.StartAsync();
        await Task.WhenAll(posts);
        var balance = await new Books(site, customer).CloseAsync([.. held, .. inside], Patience.Limit);

        Assert.Empty(balance.Violations);
        Assert.Equal(balance.Keys, balance.Succeeded);
        Assert.Equal(balance.Keys, site.Gcs.Inserts);
        Assert.Equal(1, balance.InTheAirAtKill);
        var pictures = host.Model.Pictures.CountBy(picture => picture.Key).ToDictionary();
        Assert.Equal(2, pictures[InModel]);
        Assert.All(AfterStaging.SelectMany(step => held.Where(order => order.Key.Contains(step))),
            order => Assert.Equal(1, pictures[order.Key]));
        Assert.Equal(balance.Keys + 1, balance.Pictures);
    }

    private static bool IsBeforeTheAnswer(Order order) =>
        BeforeTheAnswer.Any(step => order.Key.Contains($"-{step}-", StringComparison.Ordinal));
}
