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
        var answer = pictures > 0 ? new TokenCount(0, pictures * request.TokensEach) : new TokenCount(TokenCount.OfText(text ?? ""), 0);
        var thoughts = request.Thinks && answer.Total > 0 ? ThoughtTokens : 0;
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", request.Tokens.Total);
        json.WriteNumber("totalTokenCount", request.Tokens.Total + answer.Total + thoughts);
        json.WriteString("trafficType", request.Traffic);
        request.Tokens.Write(json, "promptTokensDetails");
        if (answer.Total > 0)
        {
            json.WriteNumber("candidatesTokenCount", answer.Total);
            answer.Write(json, "candidatesTokensDetails");
        }

        if (thoughts > 0)
        {
            json.WriteNumber("thoughtsTokenCount", thoughts);
        }

        json.WriteEndObject();
    }
}
