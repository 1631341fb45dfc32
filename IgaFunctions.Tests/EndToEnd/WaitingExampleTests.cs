using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What docs/waiting-and-events.md shows works, in each of its languages.</summary>
public sealed partial class WaitingExampleTests(Service service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly Example[] Examples =
    [
        .. Block().Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs", "waiting-and-events.md")))
            .Select(match => new Example(match.Groups[1].Value, match.Groups[2].Value)),
    ];

    [Theory]
    [InlineData("bash")]
    [InlineData("python")]
    [InlineData("javascript")]
    public async Task An_example_that_waits_ends_with_the_picture(string language)
    {
        var example = Assert.Single(Examples, example => example.Language == language && !example.Listens);

        await using var run = Run(example);
        await run.WaitForExitAsync();

        Assert.Contains("SUCCESS", run.Output, StringComparison.Ordinal);
        Assert.Contains("gs://", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("python")]
    [InlineData("javascript")]
    public async Task An_example_that_listens_tells_of_a_task_that_ends(string language)
    {
        var example = Assert.Single(Examples, example => example.Language == language && example.Listens);
        var prompt = $"a lighthouse for {Guid.NewGuid()}";

        await using var run = Run(example);

        // It may not listen yet when the first one ends.
        await Eventually.Async(
            async () =>
            {
                await service.Client.GenerateAsync(Caller.NewKey(), new { prompt });
                return run.HasExited || run.Output.Contains(prompt, StringComparison.Ordinal);
            },
            Patience, $"{language} tells of the task");
        Assert.False(run.HasExited, run.Output);
        Assert.Contains("SUCCESS", run.Output, StringComparison.Ordinal);
    }

    private Running Run(Example example)
    {
        var code = example.Code
            .Replace("http://127.0.0.1:5007", service.Client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal)
            .Replace("episode-7-cover", Caller.NewKey(), StringComparison.Ordinal);
        return Running.Start(example.Language switch
        {
            "bash" => ["bash", "-c", code],
            "python" => ["python3", "-c", code],
            _ => ["node", "--input-type=module", "-e", code],
        });
    }

    [GeneratedRegex("^```(bash|python|javascript)\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    private sealed record Example(string Language, string Code)
    {
        public bool Listens => Code.Contains("/events", StringComparison.Ordinal);
    }

    /// <summary>A program under way, with all that it prints.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly Process _process;
        private readonly ConcurrentQueue<string?> _lines = [];

        private Running(Process process)
        {
            _process = process;
            process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data);
            process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        public string Output => string.Join('\n', _lines);

        public bool HasExited => _process.HasExited;

        public static Running Start(string[] command)
        {
            try
            {
                return new Running(Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
                {
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                })!);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Assert.Skip($"no {command[0]}");
                throw;
            }
        }

        public async Task WaitForExitAsync()
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
            Assert.True(_process.ExitCode == 0, Output);
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync();
            }

            _process.Dispose();
        }
    }
}
