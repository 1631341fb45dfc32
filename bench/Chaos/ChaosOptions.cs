namespace Iga.Bench.Chaos;

/// <summary>How much chaos there is to be.</summary>
/// <param name="Duration">How long new tasks come and things break; the end of the tasks is waited for after it.</param>
/// <param name="Seed">Decides what breaks when.</param>
internal sealed record ChaosOptions(TimeSpan Duration, int Seed, int Processes, double TasksPerSecond)
{
    /// <summary>The command that makes the same run again.</summary>
    public string Command => FormattableString.Invariant(
        $"dotnet run -c Release --project bench -- chaos --minutes {Duration.TotalMinutes:0.##} --seed {Seed}")
        + FormattableString.Invariant($" --processes {Processes} --tasks-per-second {TasksPerSecond:0.##}");
}
