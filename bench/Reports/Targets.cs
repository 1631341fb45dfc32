using Iga.Bench.Systems;

namespace Iga.Bench.Reports;

/// <summary>What is to be reached.</summary>
internal static class Targets
{
    private const string Before = OwnStack.Before;

    private static string Pooled => PeerStack.Pooled.Name;

    public static IReadOnlyList<Target> All { get; } =
    [
        Target.Beside(Pooled, "accept 32", "rate", 8),
        Target.Beside(Pooled, "accept 32", "p99", 0.2),
        Target.Beside(Pooled, "overhead", "client's median", 1.0 / 3),
        Target.AtMost("overhead", "client's median", 10, Unit.Milliseconds),
        Target.Beside(Pooled, "throughput", "rate", 5),
        Target.Beside(Pooled, "polls 32", "rate", 5),
        Target.AtMost("polls 32", "p99", 10, Unit.Milliseconds),
        Target.AtMost("polls under load", "p99", 20, Unit.Milliseconds),
        Target.AtMost("200 tasks of 2 s", "time", 2.5, Unit.Seconds),
        Target.AtMost("200 tasks of 2 s", "peak resident", 250, Unit.Megabytes),
        Target.AtMost("2000 tasks of 2 s", "time", 6, Unit.Seconds),
        Target.AtMost("2000 tasks of 2 s", "peak resident", 250, Unit.Megabytes),
        Target.Beside(Before, "throughput", "rate", 1.5),
        Target.Beside(Before, "throughput", "CPU a task", 0.6),
        Target.Beside(Before, "overhead", "client's median", 0.6),
        Target.Beside(Before, "polls under load", "p99", 0.35),
        Target.Beside(Before, "2000 tasks of 2 s", "time", 0.75),
        Target.Beside(Before, "2000 tasks of 2 s", "peak resident", 0.65),
        Target.AtThroughput("10000 tasks of 20 s", TimeSpan.FromSeconds(20), 10_000),
        Target.AtMost("10000 tasks of 20 s", "peak resident", 300, Unit.Megabytes),
        Target.Beside(Before, "start", "ready", 0.6),
        Target.Beside(Before, "start", "generate", 0.6),
        Target.Beside(Before, "idle", "CPU", 0.5),
        Target.Beside(Before, "idle", "memory", 0.8),
        Target.Beside(Before, "engine", "POST to SUCCESS", 0.6),
        Target.Beside(Before, "engine, 200 at once", "rate", 5),
        Target.Beside(Before, "engine, 200 at once", "storage requests a task", 0.5),
        Target.AtMost("start", "ready", 1.5, Unit.Seconds),
        Target.AtMost("recovery", "all done", 15, Unit.Seconds),
        Target.Kept("accept beside lists", "accept without lists", "rate"),
        .. from rows in new[] { "growth, 100,000 rows", "growth, 1,000,000 rows" }
           from name in new[] { "accept p50", "poll p50", "claim of 100 p50" }
           select Target.GrowsAsTheLimit(rows, "growth, 1,000 rows", name),
    ];
}
