using System.Text.Json;

namespace Iga.Emulators.Vertex;

/// <summary>Writes one chunk of a streamed answer: of the whole answer, one part and what goes with it.</summary>
/// <param name="pictures">Those of the parts to come. In the answer itself their data is empty.</param>
internal sealed class ChunkWriter(PictureAnswer chunk, Utf8JsonWriter json, Queue<PictureAnswer.Picture> pictures)
{
    /// <param name="part">Null where the answer has none.</param>
    public void Write(JsonElement answer, JsonElement? part, bool isLast)
    {
        json.WriteStartObject();
        foreach (var member in answer.EnumerateObject())
        {
            switch (member.Name)
            {
                case "candidates":
                    json.WriteStartArray(member.Name);
                    WriteCandidate(member.Value[0], part, isLast);
                    json.WriteEndArray();
                    break;
                case "usageMetadata" when !isLast:
                    WriteTrafficType(member.Value);
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }

        json.WriteEndObject();
    }

    // Why the candidate ended, and how it was rated, is known at its end.
    private void WriteCandidate(JsonElement candidate, JsonElement? part, bool isLast)
    {
        json.WriteStartObject();
        foreach (var member in candidate.EnumerateObject())
        {
            if (member.Name == "content" && part is { } one)
            {
                json.WriteStartObject(member.Name);
                json.WriteString("role", "model");
                json.WriteStartArray("parts");
                Copy(one);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            else if (isLast || member.Name == "content")
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    private void Copy(JsonElement part)
    {
        json.WriteStartObject();
        foreach (var member in part.EnumerateObject())
        {
            if (member.Name == "inlineData")
            {
                json.WriteStartObject(member.Name);
                json.WriteString("mimeType", member.Value.GetProperty("mimeType").GetString());
                var picture = pictures.Dequeue();
                chunk.WritePicture(json, "data", picture.Bytes, picture.Times);
                json.WriteEndObject();
            }
            else
            {
                member.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }

    // What was used is counted at the end; a chunk before says only what kind of traffic it is.
    private void WriteTrafficType(JsonElement usage)
    {
        if (usage.TryGetProperty("trafficType", out var type))
        {
            json.WriteStartObject("usageMetadata");
            json.WriteString("trafficType", type.GetString());
            json.WriteEndObject();
        }
    }
}
