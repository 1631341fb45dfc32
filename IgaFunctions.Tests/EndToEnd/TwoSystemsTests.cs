using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Workflow;

namespace Iga.Tests.EndToEnd;

/// <summary>Two services on one machine, each with a database and a bucket of its own, that stage in one directory.</summary>
public sealed class TwoSystemsTests
{
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";

    [Fact]
    public async Task What_one_has_staged_is_not_the_others_to_drop()
    {
        await using var one = await OwnService.StartAsync();
        await using var other = await OwnService.StartAsync(settings => settings["IGA_STAGING_DIR"] = one.StagingDirectory);
        var key = Caller.NewKey();
        one.Gcs.Faults.Add("storage.objects.insert", "return-503", match: Service.ObjectStemOf(key), count: 4);
        var task = await one.Client.SubmitAsync(key, new { prompt = _prompt });
        await Eventually.Async(() => StagedFiles(one).Length == 1);
        File.SetLastWriteTimeUtc(StagedFiles(one).Single(), DateTime.UtcNow.AddDays(-30));

        await SweepAsync(other);

        Assert.Single(StagedFiles(one));
        Assert.Equal("SUCCESS", (await one.Client.WaitAsync(task)).GetProperty("status").GetString());
        Assert.Equal(1, one.ModelCalls(_prompt));
        Assert.Empty(StagedFiles(one));
    }

    [Fact]
    public async Task What_version_1_staged_for_all_is_not_paid_for_again_and_dropped_only_where_the_task_is_known()
    {
        await using var service = await OwnService.StartAsync();
        var key = Caller.NewKey();
        var mine = await Claims.LeaveAsync(service, key, _prompt);
        var ended = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt + " ended" });
        await service.Client.WaitAsync(ended);
        var foreign = Guid.NewGuid();
        foreach (var id in (Guid[])[mine.TaskId, ended, foreign])
        {
            await File.WriteAllBytesAsync(InTheOldPlace(id), Pictures.Png(400));
            File.SetLastWriteTimeUtc(InTheOldPlace(id), DateTime.UtcNow.AddDays(-30));
        }

        await SweepAsync(service);

        Assert.Equal([true, false, true], new[] { mine.TaskId, ended, foreign }.Select(id => File.Exists(InTheOldPlace(id))));
        Assert.Equal(mine.TaskId, await service.Client.SubmitAsync(key, new { prompt = _prompt }));
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(mine.TaskId)).GetProperty("status").GetString());
        Assert.Equal(0, service.ModelCalls(_prompt));
        await Eventually.Async(() => !File.Exists(InTheOldPlace(mine.TaskId)));

        string InTheOldPlace(Guid id) => Path.Combine(service.StagingDirectory, id.ToString());
    }

    private static string[] StagedFiles(OwnService service) => [.. Directory
        .EnumerateFiles(service.StagingDirectory, "*", SearchOption.AllDirectories)
        .Where(file => Guid.TryParseExact(Path.GetFileName(file), "D", out _))];

    private static Task SweepAsync(OwnService service) =>
        service.Make<Sweeper>().RunAsync(new TimerInfo(), service.Hub, CancellationToken.None);
}
