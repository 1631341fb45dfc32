using System.CommandLine;

namespace Iga.LocalHost.CommandLine;

/// <summary>The command line of <c>generate</c>.</summary>
internal static class GenerateVerb
{
    public static Command Create(Func<GenerateArguments, StopSignals, Task<int>> generate)
    {
        var prompt = new Argument<string>("PROMPT")
        {
            Description = "What the picture shows; put it in quotes. A single - reads it from standard input.",
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
                + "the prompt, in .local/pictures.",
            HelpName = "FILE",
        };
        var force = new Option<bool>("--force") { Description = "Overwrite FILE if it is there already." };
        var json = new Option<bool>("--json")
        {
            Description = "Print the result as one JSON object on standard output: file, url, width, height, bytes, content_type, model, "
                + "image_size, prompt_tokens, output_tokens, price_usd, seconds, task_id.",
        };

        var command = new Command(
            "generate",
            "Make one picture, save it, and print its path, its gs:// address and what it cost. Progress goes to standard error.")
        {
            prompt, aspectRatio, model, size, format, reference, seed, noWatermark, file, force, json,
        };
        command.SetAction((parsed, cancellationToken) => HostCommandLine.UntilSignalled(
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
                    parsed.GetValue(reference) is { Length: > 0 } uris ? uris : null,
                    parsed.GetValue(force),
                    parsed.GetValue(json)),
                signals),
            cancellationToken));
        return command;
    }
}
