using System.Buffers;
using System.Text.Json;
using Iga.Tasks;

namespace Iga.Models.Dialects;

/// <summary>The dialect of Imagen: <c>:predict</c>, instances and parameters in, predictions out.</summary>
internal sealed class PredictDialect : IDialect
{
    public string Method => "predict";

    public ReadOnlyMemory<byte> Write(ImageRequest request)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        writer.WriteStartArray("instances");
        writer.WriteStartObject();
        writer.WriteString("prompt", request.Prompt);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartObject("parameters");
        writer.WriteNumber("sampleCount", 1); // Vertex makes, and bills, four when it is not told.
        writer.WriteString("aspectRatio", request.AspectRatio);
        writer.WriteBoolean("addWatermark", request.AddWatermark);
        writer.WriteBoolean("includeRaiReason", true); // Without it a blocked prompt has no predictions and no reason.
        if (request.ImageSize is { } size)
        {
            writer.WriteString("sampleImageSize", size);
        }

        if (request.Seed is { } seed)
        {
            writer.WriteNumber("seed", seed); // Refused with the watermark on.
        }

        writer.WriteStartObject("outputOptions");
        writer.WriteString("mimeType", $"image/{request.OutputFormat ?? ImageRequest.DefaultOutputFormat}");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.Flush();
        return json.WrittenMemory;
    }

    public ReplyContent Read(Span<byte> body) => PredictReader.Read(body);
}
