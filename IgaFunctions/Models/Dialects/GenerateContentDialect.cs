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
        writer.WriteStartObject("imageConfig");
        writer.WriteString("aspectRatio", request.AspectRatio);
        writer.WriteStartObject("imageOutputOptions");
        writer.WriteString("mimeType", ImageFormat.Png.ContentType);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    public ReplyContent Read(ReadOnlySpan<byte> body) => GenerateContentReader.Read(body);
}
