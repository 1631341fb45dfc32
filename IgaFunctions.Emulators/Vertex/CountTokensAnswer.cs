using System.Text;
using System.Text.Json;
using static Iga.Emulators.Vertex.RequestReader;

namespace Iga.Emulators.Vertex;

/// <summary>Counts what a request would be charged for: <c>:countTokens</c>.</summary>
internal static class CountTokensAnswer
{
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

        string[] texts =
        [
            .. TokenCount.PartsOf(body).Select(TokenCount.TextOf),
            .. instances.Where(text => text is { ValueKind: JsonValueKind.String }).Select(text => text!.Value.GetString()!),
        ];
        var tokens = TokenCount.Of(body) with { Text = texts.Sum(TokenCount.OfText) };
        return new((_, json) =>
        {
            json.WriteStartObject();
            json.WriteNumber("totalTokens", tokens.Total);
            json.WriteNumber("totalBillableCharacters", texts.Sum(text => text.EnumerateRunes().Count(rune => !Rune.IsWhiteSpace(rune))));
            tokens.Write(json, "promptTokensDetails");
            json.WriteEndObject();
        });
    }
}
