using Iga.Bench.Load;
using Iga.Bench.Reports;
using Iga.Bench.Systems;
using Iga.Connections;

namespace Iga.Bench.Measures;

/// <summary>10,000 tasks at once with a model that takes 20 s, all of them at the model together: wall time and peak memory.</summary>
internal sealed class CrowdMeasure : IMeasure
{
    private const string MostAtOnce = "AzureFunctionsJobHost__extensions__durableTask__maxConcurrentActivityFunctions";

    /// <summary>Of the service: the callers' connections are a third of it. The model's fake needs fewer.</summary>
    private const int LeastDescriptors = 17_000;

    /// <summary>The smallest that the model makes, since each call under way has room on the disk reserved for its picture.</summary>
    private const string Size = "512";

    private const long RoomOfOne = 1 << 20;

    /// <summary>Bytes; the fake's usual, of 10,000 answers at once, would fill what the kernel has for sockets.</summary>
    private const int UnsentOfOne = 16 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    public string Name => "crowd";

    /// <summary>The system that was replaced works on as many at once as it has slots.</summary>
    public bool Concerns(IStack stack) => stack is OwnStack;

    public async Task TakeAsync(
        Lab lab, IStack stack, int round, Settings settings, Results results, CancellationToken cancellationToken)
    {
        var tasks = settings.Amount(10_000, 40);
        var latency = TimeSpan.FromSeconds(settings.Amount(20, 1));
        if (Obstacle(tasks, DescriptorLimit.Current, new DriveInfo(lab.Directory).AvailableFreeSpace) is { } obstacle)
        {
            Console.WriteLine($"  {tasks:#,0} tasks of {latency.TotalSeconds:0} s are left out: {obstacle}");
            return;
        }

        Console.WriteLine($"  The service is told by {MostAtOnce} to run {tasks:#,0} tasks at once (by itself 2,048); they ask for pictures of {Size}.");
        await using var service = await lab.StartAsync(
            ((OwnStack)stack).With(MostAtOnce, $"{tasks}"), TimeSpan.Zero, cancellationToken);
        await Tasks.RunAsync(service, lab.Bucket, settings.Amount(1_000, 5), Timeout, cancellationToken);
        lab.Model.Latency = latency;
        var unsent = lab.Model.Unsent;
        lab.Model.Unsent = UnsentOfOne;

        var cpu = new CpuMeter(service);
        var batch = await Tasks.RunAsync(service, lab.Bucket, tasks, Timeout, cancellationToken, Size);
        lab.Model.Unsent = unsent;
        var group = $"{tasks} tasks of {latency.TotalSeconds:0} s";
        results.Add(stack.Name, group, "time", Unit.Seconds, batch.Took.TotalSeconds);
        results.Add(stack.Name, group, "peak resident", Unit.Megabytes, ProcessUsage.PeakResident(service.Processes[0]) / 1e6);
        results.Add(stack.Name, group, "at the model at once", Unit.Count, lab.Model.MostAtOnce);
        results.Add(stack.Name, group, "CPU a task", Unit.Microseconds, cpu.PerOne(tasks));
    }

    /// <returns>Why so many tasks can't be run at once on this machine, and what would help; null where they can.</returns>
    internal static string? Obstacle(int tasks, int descriptors, long freeBytes) =>
        tasks > 1_000 && descriptors < LeastDescriptors
            ? $"a process may have {descriptors:#,0} files and sockets open here (ulimit -n), and the service needs {LeastDescriptors:#,0} for them. "
                + $"Raise the limit (ulimit -n {LeastDescriptors}, as root also ulimit -Hn) and run the bench again."
            : freeBytes < tasks * RoomOfOne * 5 / 4
                ? $"the disk of {Path.GetTempPath()} has {freeBytes / RoomOfOne:#,0} MB free, and their pictures have "
                    + $"{tasks * RoomOfOne * 5 / 4 / RoomOfOne:#,0} MB reserved. Make room, or set TMPDIR to a folder on another disk."
                : null;
}
