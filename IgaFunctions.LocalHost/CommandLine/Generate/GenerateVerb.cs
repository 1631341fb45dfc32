using System.CommandLine;
using System.CommandLine.Parsing;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The command line of <c>generate</c>.</summary>
internal static class GenerateVerb
{
    /// <param name="one">Makes one picture, by the service that is named, or by one that is started for it.</param>
    /// <param name="many">Makes several.</param>
    public static Command Create(
        ServerOptions server,
        Func<GenerateArguments, ServerAddress?, StopSignals, Task<int>> one,
        Func<BatchArguments, ServerAddress?, StopSignals, Task<int>> many)
    {
        var prompts = new Argument<string[]>("PROMPT")
        {
            Description = "What the picture shows; put it in quotes. Several are a picture each. A single - reads it from standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var promptFile = new Option<string?>("--prompts")
        {
            Description = "A file with a prompt a line, for a picture each; - is standard input.",
            HelpName = "FILE",
        };
        var parallel = WholeNumber.Option("--parallel", "N", "With several prompts: so many at once.", 1, 100, 8);
        var batch = new Option<string>("--batch")
        {
            Description = "With several prompts: a name, which is part of the keys. The same command again goes on where it was stopped; with another "
                + "name it makes every picture anew.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "",
        };
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
        var size = new Option<string?>("--image-size") { Description = "512, 1K, 2K or 4K, as the model offers.", HelpName = "S" };
        var format = new Option<string?>("--output-format")
        {
            Description = "png or jpeg; by default what the name of --out says, else png.",
            HelpName = "F",
        };
        var seed = new Option<string?>("--seed")
        {
            Description = "A whole number, where the model takes one; the same one may give the same picture.",
            HelpName = "N",
        };
        var reference = new Option<string[]>("--reference-image")
        {
            Description = "A picture for the model to look at, gs://bucket/name.png; repeatable.",
            HelpName = "URI",
        };
        var noWatermark = new Option<bool>("--no-watermark")
        {
            Description = "Ask for a picture without a watermark, where the model can leave it out.",
        };
        var file = new Option<string?>("--out")
        {
            Description = "The file to save the picture as, .png, .jpg or .jpeg, or a folder that exists; by default a name made from "
                + "the prompt, in .local/pictures. With several prompts a folder.",
            HelpName = "FILE",
        };
        var force = new Option<bool>("--force") { Description = "Overwrite FILE if it is there already." };

        var command = server.AddTo(new Command(
            "generate",
            "Make a picture, save it, and print its path, its gs:// address and what it cost. Progress goes to standard error. Without --server "
            + "a service is started for it. With --json: file, url, width, height, bytes, content_type, model, image_size, prompt_tokens, "
            + "output_tokens, price_usd, seconds, task_id, one object a picture.")
        {
            prompts, promptFile, aspectRatio, model, size, format, reference, seed, noWatermark, file, force, parallel, batch,
        });
        command.Validators.Add(result =>
        {
            var hasPrompt = result.GetValue(prompts) is { Length: > 0 };
            if ((result.GetValue(promptFile) is null) != hasPrompt)
            {
                result.AddError(hasPrompt
                    ? "Give a PROMPT or --prompts FILE, and not both."
                    : "Required argument 'PROMPT' missing for command: 'generate': a prompt in quotes, or --prompts FILE.");
            }
            else if (BatchPrompts.FindProblem(result.GetValue(prompts) ?? []) is { } problem)
            {
                result.AddError(problem);
            }
        });
        command.SetAction((parsed, cancellationToken) => HostCommandLine.UntilSignalled(
            signals => RunAsync(
                parsed,
                parsed.GetValue(promptFile),
                new GenerateArguments(
                    parsed.GetValue(prompts) is { Length: 1 } single ? single[0] : "",
                    parsed.GetValue(aspectRatio),
                    parsed.GetValue(model),
                    parsed.GetValue(file),
                    parsed.GetValue(noWatermark) ? false : null,
                    parsed.GetValue(size),
                    parsed.GetValue(format),
                    parsed.GetValue(seed),
                    parsed.GetValue(reference) is { Length: > 0 } uris ? uris : null,
                    parsed.GetValue(force),
                    server.WantsJson(parsed)),
                signals),
            cancellationToken));
        return command;

        async Task<int> RunAsync(ParseResult parsed, string? promptsIn, GenerateArguments each, StopSignals signals)
        {
            var error = parsed.InvocationConfiguration.Error;
            if (FindUnknownOption(parsed, parsed.GetValue(prompts) ?? []) is { } unknown)
            {
                await error.WriteLineAsync($"{ShownText.Of(unknown)} is no option; a prompt that begins so comes after a --. --help shows what there is.");
                return ExitCode.Usage;
            }

            ServerAddress? address = null;
            if (server.NamesServer(parsed) && (address = server.Read(parsed, out var wrongAddress)) is null)
            {
                await error.WriteLineAsync(wrongAddress);
                return ExitCode.Usage;
            }

            if (promptsIn is null && each.Prompt.Length > 0)
            {
                return await one(each, address, signals);
            }

            string? problem = null;
            var all = promptsIn is null ? parsed.GetValue(prompts)! : BatchPrompts.Read(promptsIn, Console.In, out problem);
            if (problem is not null)
            {
                await error.WriteLineAsync(problem);
                return ExitCode.Usage;
            }

            return await many(
                new BatchArguments(all, each, parsed.GetValue(parallel), parsed.GetRequiredValue(batch)), address, signals);
        }
    }

    /// <summary>An argument of several values takes whatever is no option for one of them.</summary>
    private static string? FindUnknownOption(ParseResult parsed, string[] prompts)
    {
        var before = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).Select(token => token.Value).ToHashSet();
        return prompts.FirstOrDefault(prompt => prompt is ['-', _, ..] && before.Contains(prompt));
    }
}
