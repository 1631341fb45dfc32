using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Iga.LocalHost.CommandLine;

/// <summary>The verbs of the local host. What they do is given from outside.</summary>
internal static class HostCommandLine
{
    /// <param name="serve">Without a verb: serves until it is told to stop.</param>
    /// <param name="generate">Makes one picture.</param>
    /// <param name="migrate">
    /// Applies the migrations, and erases the texts of tasks from before a time where one is given. Cancelled by the first signal.
    /// </param>
    public static RootCommand Create(
        Func<StopSignals, Task<int>> serve,
        Func<GenerateArguments, StopSignals, Task<int>> generate,
        Func<DateTimeOffset?, CancellationToken, Task<int>> migrate)
    {
        var root = new RootCommand("IGA, the image generation service, on this machine. Without a command it serves.");
        root.SetAction((_, cancellationToken) => UntilSignalled(serve, cancellationToken));
        root.Add(Generate(generate));

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

    private static Command Generate(Func<GenerateArguments, StopSignals, Task<int>> generate)
    {
        var prompt = new Argument<string>("PROMPT") { Description = "What the picture shows; put it in quotes." };
        var aspectRatio = new Option<string?>("--aspect-ratio")
        {
            Description = "Width to height, such as 16:9.",
            HelpName = "R",
        };
        var model = new Option<string?>("--model")
        {
            Description = "The model to use, such as gemini-3.1-flash-image.",
            HelpName = "ID",
        };
        var file = new Option<string?>("--out")
        {
            Description = "Where to save the picture; by default a name made from the prompt, in the current folder.",
            HelpName = "FILE",
        };
        var size = new Option<string?>("--image-size") { Description = "512, 1K, 2K or 4K, as the model offers.", HelpName = "S" };
        var format = new Option<string?>("--output-format") { Description = "png or jpeg.", HelpName = "F" };
        var seed = new Option<int?>("--seed")
        {
            Description = "A whole number; the same one may give the same picture.",
            HelpName = "N",
            CustomParser = ReadSeed, // The library's own error speaks of .NET types.
        };
        var reference = new Option<string[]>("--reference-image")
        {
            Description = "A picture for the model to look at, gs://bucket/name.png; repeatable.",
            HelpName = "URI",
        };
        var noWatermark = new Option<bool>("--no-watermark") { Description = "Ask for a picture without a watermark." };

        var command = new Command("generate", "Make one picture, save it and print its path.")
        {
            prompt, aspectRatio, model, size, format, reference, seed, file, noWatermark,
        };
        command.SetAction((parsed, cancellationToken) => UntilSignalled(
            signals => generate(
                new GenerateArguments(
                    parsed.GetRequiredValue(prompt),
                    parsed.GetValue(aspectRatio),
                    parsed.GetValue(model),
                    parsed.GetValue(file),
                    parsed.GetValue(noWatermark) ? false : null,
                    parsed.GetValue(size),
                    parsed.GetValue(format),
                    parsed.GetValue(seed),
                    parsed.GetValue(reference) is { Length: > 0 } uris ? uris : null),
                signals),
            cancellationToken));
        return command;
    }

    private static int? ReadSeed(ArgumentResult result)
    {
        var value = result.Tokens[0].Value;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed))
        {
            return seed;
        }

        result.AddError($"--seed must be a whole number from 0 to {int.MaxValue}, but is '{value}'.");
        return null;
    }

    private static async Task<int> UntilSignalled(Func<StopSignals, Task<int>> run, CancellationToken cancellationToken)
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
