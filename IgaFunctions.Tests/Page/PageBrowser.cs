using System.Diagnostics;
using System.Text.Json;
using Iga.Embedded;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Page;

/// <summary>
/// A headless Chromium that goes through scenarios (<c>scenarios/*.mjs</c>), for the tests of a class. It is started with the first of
/// them. Without a Chromium the tests are skipped; what else they need is <c>npm ci --prefix IgaFunctions.Tests/Page</c>.
/// </summary>
public sealed class PageBrowser : IAsyncDisposable
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(60);

    /// <summary>Longer than the program gives a scenario, so that it can tell what it waited for.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(170);

    private static readonly string Folder = Path.Combine(Sources.Root, "IgaFunctions.Tests", "Page");

    private readonly SemaphoreSlim _turn = new(1);
    private Process? _node;

    /// <param name="file">One of the scenarios, without its ending.</param>
    /// <param name="scenario">A function in it.</param>
    /// <param name="arguments">What it is given.</param>
    /// <returns>What it saw.</returns>
    public async Task<JsonElement> RunAsync(string file, string scenario, object arguments)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _node ??= await StartAsync();
            await _node.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { file, scenario, args = arguments }));
            await _node.StandardInput.FlushAsync();
            var answer = await ReadAsync(_node, Longest);
            Assert.True(answer.GetProperty("ok").GetBoolean(), answer.TryGetProperty("error", out var error) ? $"{scenario}: {error}" : "");
            return answer.GetProperty("seen");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _turn.Dispose();
        if (_node is null)
        {
            return;
        }

        _node.StandardInput.Close(); // Then it closes the browser and ends.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        try
        {
            await _node.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _node.Kill(entireProcessTree: true);
        }

        _node.Dispose();
    }

    private static async Task<Process> StartAsync()
    {
        var chromium = FindChromium();
        Assert.SkipWhen(chromium is null, "There is no Chromium: apt-get install chromium, or name one with IGA_CHROMIUM");
        Prerequisite.Require(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "Playwright is not installed: npm ci --prefix IgaFunctions.Tests/Page");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, "browser.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment.Clear(); // A proxy of the machine is not asked, and no credentials reach the browser.
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["HOME"] = Path.GetTempPath();
        start.Environment["IGA_CHROMIUM"] = chromium;
        if (Environment.GetEnvironmentVariable("IGA_SCREENSHOTS") is { Length: > 0 } folder)
        {
            start.Environment["IGA_SCREENSHOTS"] = Path.GetFullPath(folder, Sources.Root);
        }

        var node = Process.Start(start)!;
        try
        {
            await ReadAsync(node, Start);
            return node;
        }
        catch
        {
            node.Kill(entireProcessTree: true);
            node.Dispose();
            throw;
        }
    }

    private static async Task<JsonElement> ReadAsync(Process node, TimeSpan longest)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(longest);
        var line = await node.StandardOutput.ReadLineAsync(deadline.Token)
            ?? throw new InvalidOperationException("The browser's program ended; its errors are above.");
        return JsonDocument.Parse(line).RootElement;
    }

    private static string? FindChromium() => Environment.GetEnvironmentVariable("IGA_CHROMIUM") is { Length: > 0 } named
        ? named
        : new[] { "chromium", "chromium-browser", "google-chrome" }.Select(ChildProcess.Find).FirstOrDefault(path => path is not null);
}
