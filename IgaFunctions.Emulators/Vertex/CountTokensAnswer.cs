using System.Text.Json;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>Counts what a request would be charged for: <c>:countTokens</c>.</summary>
internal static class CountTokensAnswer
{
    /// <summary>What Gemini counts for a picture of at most 384 × 384 pixels. Larger ones count the same here.</summary>
    private const int TokensOfPicture = 258;

    /// <exception cref="Hosting.ApiException">400 INVALID_ARGUMENT when there is nothing to count.</exception>
    public static PictureAnswer Build(JsonElement body)
    {
        // The older form, of text models, has instances.
        var instances = List(body, "instances").SelectMany(i => new[] { Get(i, "prompt"), Get(i, "content") });
        if (List(body, "contents").Any())
        {
            GenerateContentRequest.CheckContents(body);
        }
        else if (!instances.Any())
        {
            throw Invalid("contents", "at least one content is required.");
        }

        JsonElement[] contents = [.. List(body, "contents"), .. Get(body, "systemInstruction") is { } system ? [system] : Array.Empty<JsonElement>()];
        JsonElement[] parts = [.. contents.SelectMany(content => List(content, "parts"))];
        string[] texts =
        [
            .. parts.Select(part => Get(part, "text")).Concat(instances)
                .Where(text => text is { ValueKind: JsonValueKind.String }).Select(text => text!.Value.GetString()!),
        ];
        var text = texts.Sum(PromptTokens.OfText);
        var pictures = TokensOfPicture * parts.Count(part => Get(part, "inlineData") is not null || Get(part, "fileData") is not null);
        return new((_, json) =>
        {
            json.WriteStartObject();
            json.WriteNumber("totalTokens", text + pictures);
            json.WriteNumber("totalBillableCharacters", texts.Sum(t => t.EnumerateRunes().Count(rune => !System.Text.Rune.IsWhiteSpace(rune))));
            json.WriteStartArray("promptTokensDetails");
            WriteCount(json, "TEXT", text);
            WriteCount(json, "IMAGE", pictures);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void WriteCount(Utf8JsonWriter json, string modality, int tokens)
    {
        if (tokens > 0)
        {
            json.WriteStartObject();
            json.WriteString("modality", modality);
            json.WriteNumber("tokenCount", tokens);
            json.WriteEndObject();
        }
    }
}
