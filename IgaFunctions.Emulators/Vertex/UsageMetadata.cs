using System.Text.Json;

namespace Iga.Emulators.Vertex;

/// <summary>What an answer of the Gemini dialect counts: <c>usageMetadata</c>.</summary>
internal static class UsageMetadata
{
    /// <summary>Of the lowest level of thinking.</summary>
    private const int ThoughtTokens = 96;

    /// <param name="pictures">Of which each counts <see cref="ModelRequest.TokensEach"/>; the words beside one count nothing.</param>
    /// <param name="text">What is answered in place of a picture, or null.</param>
    public static void Write(Utf8JsonWriter json, ModelRequest request, int pictures, string? text)
    {
        var prompt = TokensOf(request.Prompt);
        var candidates = pictures > 0 ? pictures * request.TokensEach : TokensOf(text ?? "");
        var thoughts = request.Thinks && candidates > 0 ? ThoughtTokens : 0;
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", prompt);
        if (candidates > 0)
        {
            json.WriteNumber("candidatesTokenCount", candidates);
        }

        json.WriteNumber("totalTokenCount", prompt + candidates + thoughts);
        json.WriteString("trafficType", request.Traffic);
        WriteDetails(json, "promptTokensDetails", "TEXT", prompt);
        WriteDetails(json, "candidatesTokensDetails", pictures > 0 ? "IMAGE" : "TEXT", candidates);
        if (thoughts > 0)
        {
            json.WriteNumber("thoughtsTokenCount", thoughts);
        }

        json.WriteEndObject();
    }

    private static int TokensOf(string text) => (text.Length + 3) / 4;

    private static void WriteDetails(Utf8JsonWriter json, string name, string modality, int tokens)
    {
        if (tokens == 0)
        {
            return;
        }

        json.WriteStartArray(name);
        json.WriteStartObject();
        json.WriteString("modality", modality);
        json.WriteNumber("tokenCount", tokens);
        json.WriteEndObject();
        json.WriteEndArray();
    }
}
