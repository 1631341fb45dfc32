using Iga.Images;
using Iga.Staging;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Staging;
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

    private static string[] StagedFiles(OwnService service) => [.. Directory
        .EnumerateFiles(service.StagingDirectory, "*", SearchOption.AllDirectories)
        .Where(file => Guid.TryParseExact(Path.GetFileName(file), "D", out _))];

    private static Task SweepAsync(OwnService service) =>
        service.Make<Sweeper>().RunAsync(new TimerInfo(), service.Hub, CancellationToken.None);
}
