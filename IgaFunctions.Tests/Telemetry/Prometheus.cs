using System.Diagnostics;
using System.Globalization;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Telemetry;

/// <summary>Prometheus' own programs, where they are installed: the judges of what is meant for it.</summary>
internal static class Prometheus
{
    public static void SkipWithout() => Assert.SkipUnless(
        Find("promtool") is not null && Find("prometheus") is not null, "Prometheus is not installed (Debian's package prometheus).");

    /// <summary>Runs promtool, whose judgement has to be good.</summary>
    /// <param name="input">On its standard input.</param>
    public static async Task AssertPromtoolAcceptsAsync(string input, params string[] arguments) =>
        (await ProgramRun.RunAsync(new ProcessStartInfo(Find("promtool")!, arguments), input: input))
            .OutputOf($"promtool {string.Join(' ', arguments)}");

    /// <summary>Starts a server on loopback that has its data in a folder.</summary>
    public static Process StartServer(string configuration, string folder, int port) => Process.Start(new ProcessStartInfo(
        Find("prometheus")!,
        [
            $"--config.file={configuration}", $"--storage.tsdb.path={folder}", "--log.level=error",
            $"--web.listen-address=127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}",
        ]))!;

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
