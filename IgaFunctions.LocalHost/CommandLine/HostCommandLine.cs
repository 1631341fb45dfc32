using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Iga.LocalHost.CommandLine;

/// <summary>The verbs of the local host. What they do is given from outside.</summary>
internal static class HostCommandLine
{
    /// <param name="serve">Without a verb: serves until it is told to stop.</param>
    /// <param name="migrate">
    /// Applies the migrations, and erases the texts of tasks from before a time where one is given. Cancelled by the first signal.
    /// </param>
    /// <param name="others">Further verbs.</param>
    public static RootCommand Create(
        Func<StopSignals, Task<int>> serve,
        Func<DateTimeOffset?, CancellationToken, Task<int>> migrate,
        params IReadOnlyList<Command> others)
    {
        var root = new RootCommand("IGA, the image generation service, on this machine. Without a command it serves.");
        root.SetAction((_, cancellationToken) => UntilSignalled(serve, cancellationToken));

        var eraseBefore = new Option<DateTimeOffset?>("--erase-before")
        {
            Description = "Erase the prompts and error messages of tasks that had ended and were posted before: 2026-11-01, or 30d for 30 days ago.",
            HelpName = "TIME",
            CustomParser = result => PointInTime.Read(result, "--erase-before"),
        };
        var migration = new Command("migrate", "Apply the database's migrations and exit.") { eraseBefore };
        migration.SetAction((parsed, cancellationToken) => UntilSignalled(
            signals => migrate(parsed.GetValue(eraseBefore), signals.Stop), cancellationToken));
        root.Add(migration);
        foreach (var other in others)
        {
            root.Add(other);
        }

        root.Add(CompletionVerb.Create());
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExitCodes((SynchronousCommandLineAction)help.Action!);
        return root;
    }

    /// <summary>Parses a command line and runs what it asks for. Exceptions of the verbs pass through.</summary>
    /// <returns>The exit code for the shell, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> InvokeAsync(
        RootCommand root, IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null,
        CancellationToken cancellationToken = default)
    {
        // Without the replacer a prompt that begins with @ would be taken for the name of a file with more arguments.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors is [var first, ..])
        {
            await (error ?? Console.Error).WriteLineAsync($"{first.Message} --help shows what there is.");
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // a service that drains takes longer than the library would wait
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        };
        return await parsed.InvokeAsync(configuration, cancellationToken);
    }

    private sealed class HelpWithExitCodes(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override bool Terminating => true;

        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var exitCode = help.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(ExitCode.Help);
            return exitCode;
        }
    }

    internal static async Task<int> UntilSignalled(Func<StopSignals, Task<int>> run, CancellationToken cancellationToken)
    {
        using var signals = new StopSignals(cancellationToken);
        try
        {
            return await run(signals);
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
    }
}
