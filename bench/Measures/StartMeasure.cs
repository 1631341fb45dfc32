using System.Diagnostics;
using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;

namespace Iga.Bench.Measures;

/// <summary>
/// From the start of the processes to the first answer, to the first 202, and to the first picture, on a database that has
/// its tables: the processes are killed and launched again. And one whole run of <c>generate</c>, which embeds all it needs, in a
/// folder where it has run before.
/// </summary>
internal sealed class StartMeasure : IMeasure
{
    private static readonly byte[] AnyTask = Requests.Get("/v1/tasks/00000000-0000-7000-8000-000000000000");

    public string Name => "start";

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        await using var service = await lab.StartAsync(stack, TimeSpan.Zero, cancellationToken);
        await service.KillAsync();

        var started = Stopwatch.GetTimestamp();
        service.Launch();
        await service.UntilAnsweredAsync(AnyTask, answer => answer.Status is 200 or 202 or 404, cancellationToken);
        var ready = Stopwatch.GetElapsedTime(started);
        var accepted = await service.UntilAnsweredAsync(
            Requests.Post(Guid.NewGuid().ToString("N")), answer => answer.Status == 202, cancellationToken);
        var firstAccept = Stopwatch.GetElapsedTime(started);
        await service.UntilAnsweredAsync(
            Requests.Poll(Requests.TaskId(accepted)), answer => answer.Status == 200 && Requests.Status(answer) == "SUCCESS",
            cancellationToken);
        var firstPicture = Stopwatch.GetElapsedTime(started);

        results.Add(stack.Name, "start", "ready", Unit.Seconds, ready.TotalSeconds);
        results.Add(stack.Name, "start", "first 202", Unit.Seconds, firstAccept.TotalSeconds);
        results.Add(stack.Name, "start", "first picture", Unit.Seconds, firstPicture.TotalSeconds);
        if (stack is OwnStack own)
        {
            results.Add(stack.Name, "start", "generate", Unit.Seconds, await GenerateAsync(lab, own, settings, cancellationToken));
        }
    }

    /// <returns>The median, seconds.</returns>
    private static async Task<double> GenerateAsync(Lab lab, OwnStack stack, Settings settings, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(lab.Directory, $"generate-{stack.Name}");
        var times = new List<double>();
        for (var run = 0; run <= settings.Amount(3, 1); run++)
        {
            var started = Stopwatch.GetTimestamp();
            await ProgramOutput.OfAsync(
                LocalHostProgram.DotNet,
                [stack.Build.Program, "generate", "A lighthouse at dawn", "--out", Path.Combine(lab.Directory, "picture.png"), "--force"],
                new Dictionary<string, string> { ["IGA_LOCAL_DIR"] = folder }, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return new Latencies(times.Skip(1)).Median; // the first has set the folder up
    }
}
