using System.CommandLine;

namespace Iga.LocalHost.CommandLine;

/// <summary>The verb <c>completion</c>: prints what makes a shell complete verbs and options. The program itself is asked for them.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        _NAME_complete() {
            local IFS=$'\n'
            COMPREPLY=($("PROGRAM" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null | grep -- "^${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _NAME_complete PROGRAM

        """;

    private const string Zsh = """
        _NAME_complete() {
            local -a found
            found=("${(@f)$("PROGRAM" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- ${found:#}
            (( $#found )) || _files
        }
        compdef _NAME_complete PROGRAM

        """;

    private const string Fish = """
        complete -c PROGRAM -a '(PROGRAM "[suggest:"(commandline -C)"]" (commandline -cp) 2>/dev/null)'

        """;

    private static readonly Dictionary<string, string> Scripts = new() { ["bash"] = Bash, ["zsh"] = Zsh, ["fish"] = Fish };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var name = new Option<string>("--name")
        {
            Description = "What the program is called in your shell: its name on the PATH, or that of an alias.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "IgaFunctions.LocalHost",
        };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !text.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_'))
            {
                result.AddError("--name must be letters, digits, dots, hyphens and underscores.");
            }
        });
        var command = new Command(
            "completion",
            "Print a script for a shell's completion: eval \"$(IgaFunctions.LocalHost completion bash)\", the same with zsh, "
            + "or: IgaFunctions.LocalHost completion fish | source")
        {
            shell, name,
        };
        command.SetAction((parsed, _) =>
        {
            var program = parsed.GetRequiredValue(name);
            var function = new string([.. program.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '_')]);
            return WriteAsync(parsed, Scripts[parsed.GetRequiredValue(shell)].Replace("_NAME_", $"_{function}_", StringComparison.Ordinal)
                .Replace("PROGRAM", program, StringComparison.Ordinal));
        });
        return command;
    }

    private static async Task<int> WriteAsync(ParseResult parsed, string script)
    {
        await parsed.InvocationConfiguration.Output.WriteAsync(script);
        return ExitCode.Success;
    }
}
