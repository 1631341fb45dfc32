using System.Globalization;

namespace Iga.Bench.Systems;

/// <summary>What processes and their children use, as /proc tells it.</summary>
/// <param name="Memory">Bytes: proportional set sizes, in which pages that forked processes share count once.</param>
/// <param name="Cpu">Time on processors since they began.</param>
internal readonly record struct ProcessUsage(long Memory, TimeSpan Cpu)
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    public static ProcessUsage Of(IEnumerable<int> roots)
    {
        var parents = new Dictionary<int, (int Parent, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Read($"/proc/{id}/stat") is { } stat)
            {
                // The name, in brackets, may hold anything.
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                parents[id] = (Number(fields[1]), long.Parse(fields[11], CultureInfo.InvariantCulture)
                    + long.Parse(fields[12], CultureInfo.InvariantCulture));
            }
        }

        var wanted = roots.ToHashSet();
        for (var before = -1; before != wanted.Count;)
        {
            before = wanted.Count;
            wanted.UnionWith(parents.Where(p => wanted.Contains(p.Value.Parent)).Select(p => p.Key).ToArray());
        }

        return new ProcessUsage(
            wanted.Sum(Proportional),
            TimeSpan.FromSeconds(wanted.Sum(id => parents.TryGetValue(id, out var one) ? (double)one.Ticks : 0) / TicksPerSecond));
    }

    /// <summary>The largest resident set that a process ever had, in bytes.</summary>
    public static long PeakResident(int id) => Field($"/proc/{id}/status", "VmHWM:");

    private static long Proportional(int id) => Field($"/proc/{id}/smaps_rollup", "Pss:");

    private static long Field(string file, string name)
    {
        var line = Read(file)?.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : Number(line[name.Length..].Replace("kB", "", StringComparison.Ordinal)) * 1024L;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended meanwhile.
        }
    }
}
