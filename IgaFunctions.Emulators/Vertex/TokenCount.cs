using System.Text.Json;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>What a prompt or an answer counts for. Only Google has the tokenizer: a token is about four characters of English.</summary>
/// <param name="Text">Of words.</param>
/// <param name="Pictures">Of pictures.</param>
internal sealed record TokenCount(int Text, int Pictures)
{
    /// <summary>What Gemini counts for a picture of at most 384 × 384 pixels. Larger ones count the same here.</summary>
    private const int OfPicture = 258;

    public int Total => Text + Pictures;

    public static int OfText(string text) => (text.Length + 3) / 4;

    /// <summary>Of all contents of a request of the Gemini dialect, and of what it tells the model beforehand.</summary>
    public static TokenCount Of(JsonElement body)
    {
        JsonElement[] parts = [.. PartsOf(body)];
        return new(
            parts.Sum(part => OfText(TextOf(part))),
            OfPicture * parts.Count(part => Get(part, "inlineData") is not null || Get(part, "fileData") is not null));
    }

    public static IEnumerable<JsonElement> PartsOf(JsonElement body)
    {
        var contents = List(body, "contents");
        return (Get(body, "systemInstruction") is { } system ? contents.Append(system) : contents).SelectMany(content => List(content, "parts"));
    }

    public static string TextOf(JsonElement part) => Get(part, "text") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    /// <summary>Writes <c>promptTokensDetails</c>, or another list of what each modality counts for.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        Write(json, "TEXT", Text);
        Write(json, "IMAGE", Pictures);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string modality, int tokens)
    {
        if (tokens == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("modality", modality);
        json.WriteNumber("tokenCount", tokens);
        json.WriteEndObject();
    }
}
