using System.Text.Json;

namespace Iga.GenerateImage;

/// <summary>The known fields of a body; null where one is absent or null. The last of several wins; others are ignored.</summary>
internal readonly record struct RequestFields(
    JsonElement? Prompt, JsonElement? AspectRatio, JsonElement? AddWatermark, JsonElement? ModelIdOverride)
{
    public static RequestFields Find(JsonElement body) => new(
        Find(body, "prompt"), Find(body, "aspect_ratio"), Find(body, "add_watermark"), Find(body, "model_id_override"));

    private static JsonElement? Find(JsonElement body, string name)
    {
        JsonElement? found = null;
        foreach (var property in body.EnumerateObject())
        {
            if (IsNamed(property, name))
            {
                found = property.Value.ValueKind == JsonValueKind.Null ? null : property.Value;
            }
        }

        return found;
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            // An unknown field whose name's escapes form no valid UTF-16.
            return false;
        }
    }
}
