using System.Diagnostics;
using Iga.LocalHost.CommandLine;
using Iga.Tests.Fixtures;

namespace Iga.Tests.CommandLine;

public sealed class CompletionTests : CommandRun
{
    [Fact]
    public async Task Bash_completes_verbs_and_options_with_what_the_program_tells()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "there is no bash");
        File.WriteAllText(Folder["completion"], await ScriptAsync("bash"));

        var program = Path.ChangeExtension(typeof(HostCommandLine).Assembly.Location, null);
        Assert.Equal(["generate"], await CompleteAsync(program, "iga gen", 1));
        Assert.Equal(["--aspect-ratio"], await CompleteAsync(program, "iga generate --asp", 2));
    }

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Other_shells_get_a_script_of_their_own(string shell)
    {
        var script = await ScriptAsync(shell);

        Assert.Contains("[suggest:", script, StringComparison.Ordinal);
        Assert.DoesNotContain("PROGRAM", script, StringComparison.Ordinal);
    }

    private static async Task<string> ScriptAsync(string shell)
    {
        using var script = new StringWriter();
        var root = HostCommandLine.Create(_ => Task.FromResult(0), (_, _) => Task.FromResult(0));
        Assert.Equal(0, await HostCommandLine.InvokeAsync(
            root, ["completion", shell, "--name", "iga"], script, cancellationToken: TestContext.Current.CancellationToken));
        return script.ToString();
    }

    private async Task<string[]> CompleteAsync(string program, string line, int word)
    {
        // The function runs the program by the name that it completes.
        var bash = $"""
            iga() ( '{program}' "$@" )
            . '{Folder["completion"]}'
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_CWORD={word} COMP_WORDS=({line})
            _iga_complete
            printf '%s\n' "$COMPREPLY"
            """;
        var run = await ProgramRun.RunAsync(new ProcessStartInfo("/bin/bash", ["-c", bash]));
        return run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
