using System.Diagnostics;
using Iga.LocalHost.CommandLine;
using Iga.Tests.Embedded;

namespace Iga.Tests.CommandLine;

public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bash_completes_verbs_and_options_with_what_the_program_tells()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        using var script = new StringWriter();
        var root = HostCommandLine.Create(_ => Task.FromResult(0), (_, _) => Task.FromResult(0));
        Assert.Equal(0, await HostCommandLine.InvokeAsync(
            root, ["completion", "bash", "--name", "iga"], script, cancellationToken: TestContext.Current.CancellationToken));
        File.WriteAllText(Path.Combine(_folder.Path, "completion"), script.ToString());

        var program = Path.ChangeExtension(typeof(HostCommandLine).Assembly.Location, null);
        Assert.Equal(["generate"], await CompleteAsync(program, "iga gen", 1));
        Assert.Equal(["--aspect-ratio"], await CompleteAsync(program, "iga generate --asp", 2));
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Other_shells_get_a_script_of_their_own(string shell)
    {
        using var script = new StringWriter();
        var root = HostCommandLine.Create(_ => Task.FromResult(0), (_, _) => Task.FromResult(0));

        Assert.Equal(0, await HostCommandLine.InvokeAsync(
            root, ["completion", shell, "--name", "iga"], script, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Contains("[suggest:", script.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PROGRAM", script.ToString(), StringComparison.Ordinal);
    }

    private async Task<string[]> CompleteAsync(string program, string line, int word)
    {
        // The function runs the program by the name that it completes.
        var bash = $"""
            iga() ( '{program}' "$@" )
            . '{Path.Combine(_folder.Path, "completion")}'
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_CWORD={word} COMP_WORDS=({line})
            _iga_complete
            printf '%s\n' "$COMPREPLY"
            """;
        using var process = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", bash]) { RedirectStandardOutput = true })!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(1));
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
