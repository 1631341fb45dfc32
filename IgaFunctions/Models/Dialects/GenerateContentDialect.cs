using System.Buffers;
using System.Text.Json;
using Iga.Images;
using Iga.Tasks;

namespace Iga.Models.Dialects;

/// <summary>The dialect of Gemini: <c>:generateContent</c>, contents in, candidates out.</summary>
internal sealed class GenerateContentDialect : IDialect
{
    public string Method => "generateContent";

    public ReadOnlyMemory<byte> Write(ImageRequest request)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteStartArray("contents");
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteStartArray("parts");
        foreach (var picture in request.ReferenceImages ?? [])
        {
            writer.WriteStartObject();
            writer.WriteStartObject("fileData");
            writer.WriteString("fileUri", picture);
            writer.WriteString("mimeType", ReferencePicture.ContentTypeOf(picture));
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteStartObject();
        writer.WriteString("text", request.Prompt);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("generationConfig");
        writer.WriteStartArray("responseModalities");
        writer.WriteStringValue("TEXT"); // A refusal comes in words; without TEXT there would be no reason to tell.
        writer.WriteStringValue("IMAGE");
        writer.WriteEndArray();
        if (request.Seed is { } seed)
        {
            writer.WriteNumber("seed", seed);
        }

        writer.WriteStartObject("imageConfig");
        writer.WriteString("aspectRatio", request.AspectRatio);
        if (request.ImageSize is { } size)
        {
            writer.WriteString("imageSize", size);
        }

        writer.WriteStartObject("imageOutputOptions");
        writer.WriteString("mimeType", $"image/{request.OutputFormat ?? ImageRequest.DefaultOutputFormat}");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    public ReplyContent Read(Span<byte> body) => GenerateContentReader.Read(body);
}
