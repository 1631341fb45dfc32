using Iga.Tests.Crashes;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Engines;

/// <summary>
/// kill -9 on Microsoft's engine, with twenty tasks in flight: ten inside a model call, ten with their picture staged.
/// </summary>
public sealed class KilledProcessTests
{
    private const int Half = 10;

    // Both mostly wait for messages to be visible again, so they run side by side.
    private static readonly Lazy<Task> Restarted = new(() => KillAsync(startsAgain: true));
    private static readonly Lazy<Task> Survived = new(() => KillAsync(startsAgain: false));

    [Fact]
    public async Task A_killed_process_that_is_started_again_loses_no_task_and_pays_twice_only_for_what_was_inside_the_model()
    {
        AzuriteServer.SkipWithout();
        _ = Survived.Value;
        await Restarted.Value;
    }

    [Fact]
    public async Task Of_two_processes_on_one_hub_the_other_finishes_what_a_killed_one_had()
    {
        AzuriteServer.SkipWithout();
        _ = Restarted.Value;
        await Survived.Value;
    }

    private static async Task KillAsync(bool startsAgain)
    {
        await using var surroundings = await Surroundings.CreateAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.AddTo(surroundings.Settings);
        await using var victim = await EngineProcess.StartAsync(surroundings.Settings, "victim");
        await using var other = startsAgain ? null : await EngineProcess.StartAsync(surroundings.Settings, "other");
        var (calling, staged) = (Errand.Many(Half), Errand.Many(Half, receiver));
        foreach (var errand in calling)
        {
            surroundings.Vertex.Faults.Add("vertex.generateContent", "latency-12000ms", match: errand.Prompt);
        }

        foreach (var errand in staged)
        {
            surroundings.Gcs.Faults.Add("storage.objects.insert", "stall-for-12s", match: Service.ObjectStemOf(errand.Key));
        }

        Errand[] all = [.. calling, .. staged];
        await Task.WhenAll(all.Select((errand, index) => errand.SubmitAsync(((index % 2 == 0 ? other : null) ?? victim).Client)));
        await Waits.UntilAsync(() => surroundings.Vertex.Faults.Pending + surroundings.Gcs.Faults.Pending == 0);

        await victim.KillAsync();
        await using var again = startsAgain ? await EngineProcess.StartAsync(surroundings.Settings, "victim") : null;
        var heir = (again ?? other)!;

        await Task.WhenAll(all.Select(errand => errand.AssertMadeAsync(heir.Client, surroundings)));
        Assert.All(staged, errand => Assert.Equal(1, surroundings.ModelCalls(errand.Prompt)));
        foreach (var errand in staged)
        {
            Assert.Equal([$"msg_{errand.TaskId:N}"], (await receiver.WaitAsync(errand.CallbackUrl!)).Select(webhook => webhook.Id).Distinct());
        }

        Assert.All(calling, errand => Assert.InRange(surroundings.ModelCalls(errand.Prompt), 1, 2));
    }
}
