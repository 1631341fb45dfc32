using System.Diagnostics;
using System.Globalization;

namespace Iga.Tests.Telemetry;

/// <summary>Prometheus' own programs, where they are installed: the judges of what is meant for it.</summary>
internal static class Prometheus
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static void SkipWithout() => Assert.SkipUnless(
        Find("promtool") is not null && Find("prometheus") is not null, "Prometheus is not installed (Debian's package prometheus).");

    /// <summary>Runs promtool, whose judgement has to be good.</summary>
    /// <param name="input">On its standard input.</param>
    public static async Task AssertPromtoolAcceptsAsync(string input, params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo(Find("promtool")!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync().WaitAsync(Deadline);
        Assert.True(promtool.ExitCode == 0, $"promtool {string.Join(' ', arguments)}: {string.Join('\n', await output)}");
    }

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
