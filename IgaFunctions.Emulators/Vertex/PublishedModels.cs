using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>The publisher's models as resources: <c>models.get</c> and <c>models.list</c>.</summary>
internal static class PublishedModels
{
    private const int UsualPage = 100;
    private const int LongestPage = 1000;

    /// <summary>Those of <c>models.get</c>. They choose texts and views that models here have only one of.</summary>
    public static readonly string[] ParametersOfGet = ["languageCode", "view", "isHuggingFaceModel", "huggingFaceToken"];

    /// <summary>Those of <c>models.list</c>, also those that it refuses.</summary>
    public static readonly string[] ParametersOfList =
        ["pageSize", "pageToken", "filter", "orderBy", "view", "languageCode", "listAllVersions"];

    public static PictureAnswer One(string modelId) => new((_, json) => Write(json, modelId));

    /// <param name="modelIds">All of them, in their order.</param>
    /// <exception cref="ApiException">400 for a wrong page, 501 for a filter or an order.</exception>
    public static PictureAnswer Page(HttpRequest request, IReadOnlyList<string> modelIds)
    {
        foreach (var name in new[] { "filter", "orderBy" })
        {
            if (request.Query[name].ToString().Length > 0)
            {
                throw VertexErrors.NotEmulated(name);
            }
        }

        var size = QueryParameters.Number(request, "pageSize", "page_size") switch
        {
            null or 0 => UsualPage,
            < 0 => throw RequestReader.Invalid("page_size", "0 or more is expected."),
            { } wanted => Math.Min(wanted, LongestPage),
        };
        var first = FirstOf(request.Query["pageToken"].ToString(), modelIds.Count);
        return new((_, json) =>
        {
            json.WriteStartObject();
            json.WriteStartArray("publisherModels");
            foreach (var id in modelIds.Skip(first).Take(size))
            {
                Write(json, id);
            }

            json.WriteEndArray();
            if (first + size < modelIds.Count)
            {
                json.WriteString("nextPageToken", TokenOf(first + size));
            }

            json.WriteEndObject();
        });
    }

    private static string TokenOf(int first) => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(first.ToString(CultureInfo.InvariantCulture)));

    private static int FirstOf(string token, int count)
    {
        var text = new byte[8];
        return token.Length == 0 ? 0
            : Convert.TryFromBase64String(token, text, out var length)
                && int.TryParse(text.AsSpan(0, length), NumberStyles.None, CultureInfo.InvariantCulture, out var first) && first <= count
                ? first
                : throw RequestReader.Invalid("page_token", "it is not a token of this list.");
    }

    private static void Write(Utf8JsonWriter json, string modelId)
    {
        json.WriteStartObject();
        json.WriteString("name", $"publishers/google/models/{modelId}");
        json.WriteString("versionId", "default");
        json.WriteString("openSourceCategory", "PROPRIETARY");
        json.WriteString("launchStage", "GA");
        json.WriteString("publisherModelTemplate", $"projects/{{user-project}}/locations/{{location}}/publishers/google/models/{modelId}");
        json.WriteEndObject();
    }
}
