using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.GenerateImage;
using Iga.Http;
using Iga.Models;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The request that <c>generate</c> sends, checked as the service will check it, but all of it at once and in the words of the command line.</summary>
internal static class GenerateRequest
{
    /// <summary>What the service calls a field, and what a user of the command line knows instead.</summary>
    private static readonly (string Field, string Option)[] Words =
    [
        ("Field add_watermark is missing, and the default is false", "IGA_ADD_WATERMARK is false"),
        ("Field add_watermark is false", "--no-watermark is given"),
        ("add_watermark false", "--no-watermark"),
        ("Field prompt", "The prompt"),
        ("Field model_id_override", "--model"),
        ("Field aspect_ratio", "--aspect-ratio"),
        ("Field image_size", "--image-size"),
        ("Field output_format", "--output-format"),
        ("Field reference_images", "--reference-image"),
        ("Field seed", "--seed"),
    ];

    /// <returns>The body. What is not asked for is left out, and takes the service's default.</returns>
    public static JsonObject Body(GenerateArguments arguments)
    {
        var body = new JsonObject { ["prompt"] = arguments.Prompt };
        Add("aspect_ratio", arguments.AspectRatio);
        Add("model_id_override", arguments.ModelId);
        Add("add_watermark", arguments.AddWatermark);
        Add("image_size", arguments.ImageSize);
        Add("output_format", arguments.OutputFormat);
        Add("seed", SeedOf(arguments));
        Add("reference_images", arguments.ReferenceImages is { } uris ? new JsonArray([.. uris.Select(uri => JsonValue.Create(uri))]) : null);
        return body;

        void Add(string name, JsonNode? value)
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }
    }

    /// <returns>What is wrong with it, one line each; empty when the service will take it.</returns>
    public static IReadOnlyList<string> Errors(GenerateArguments arguments, RequestOptions defaults, ModelOptions models)
    {
        var errors = new List<string>();
        if (arguments.Seed is not null && SeedOf(arguments) is null)
        {
            errors.Add($"--seed must be a whole number from 0 to {int.MaxValue}, but is '{arguments.Seed}'.");
        }

        // The service tells one error at a time: what is wrong is taken out, and the rest looked at again.
        var validator = new RequestValidator(defaults, models);
        var body = Body(arguments);
        while (Reject(validator, body) is { } rejected)
        {
            errors.Add(InWordsOfTheCommandLine(rejected.Message));
            if (rejected.Field == "prompt")
            {
                body["prompt"] = "x";
            }
            else if (rejected.Field is "model_id_override" or null || !body.Remove(rejected.Field))
            {
                break; // what the others may be follows from the model; and a default that does not fit can't be taken out
            }
        }

        return errors;
    }

    private static int? SeedOf(GenerateArguments arguments) =>
        int.TryParse(arguments.Seed, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : null;

    private static RejectedException? Reject(RequestValidator validator, JsonObject body)
    {
        using var document = JsonDocument.Parse(body.ToJsonString());
        try
        {
            validator.Validate(document.RootElement);
            return null;
        }
        catch (RejectedException rejected)
        {
            return rejected;
        }
    }

    private static string InWordsOfTheCommandLine(string message) =>
        Words.Aggregate(message, (text, word) => text.Replace(word.Field, word.Option, StringComparison.Ordinal));
}
