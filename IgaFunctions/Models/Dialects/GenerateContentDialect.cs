using System.Buffers;
using System.Text.Json;
using Iga.Images;
using Iga.Tasks;
using static Iga.Models.Dialects.JsonWalk;

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

    public ReplyContent Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var found = new GenerateContentReply();
        if (EntersObject(ref reader))
        {
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("candidates"u8))
                {
                    ReadCandidates(ref reader, found);
                }
                else if (reader.ValueTextEquals("promptFeedback"u8))
                {
                    ReadPromptFeedback(ref reader, found);
                }
                else if (reader.ValueTextEquals("usageMetadata"u8))
                {
                    found.Usage = ReadUsage(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        Finish(ref reader);
        return found.Conclude() with { Usage = found.Usage };
    }

    private static void ReadCandidates(ref Utf8JsonReader reader, GenerateContentReply found)
    {
        if (!EntersArray(ref reader))
        {
            return;
        }

        while (NextObject(ref reader))
        {
            while (NextProperty(ref reader))
            {
                if (reader.ValueTextEquals("content"u8))
                {
                    ReadContent(ref reader, found);
                }
                else if (reader.ValueTextEquals("finishReason"u8))
                {
                    var text = Text(ref reader);
                    found.FinishReason ??= text;
                }
                else if (reader.ValueTextEquals("finishMessage"u8))
                {
                    var text = Text(ref reader);
                    found.FinishMessage ??= text;
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static void ReadContent(ref Utf8JsonReader reader, GenerateContentReply found)
    {
        if (!EntersObject(ref reader))
        {
            return;
        }

        while (NextProperty(ref reader))
        {
            if (!reader.ValueTextEquals("parts"u8))
            {
                reader.Skip();
            }
            else if (EntersArray(ref reader))
            {
                while (NextObject(ref reader))
                {
                    ReadPart(ref reader, found);
                }
            }
        }
    }

    private static void ReadPart(ref Utf8JsonReader reader, GenerateContentReply found)
    {
        ReplyContent.Picture? picture = null;
        string? words = null;
        var isThought = false;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("text"u8))
            {
                words = Text(ref reader);
            }
            else if (reader.ValueTextEquals("thought"u8))
            {
                isThought = IsTrue(ref reader);
            }
            else if (!reader.ValueTextEquals("inlineData"u8))
            {
                reader.Skip();
            }
            else if (EntersObject(ref reader))
            {
                while (NextProperty(ref reader))
                {
                    if (reader.ValueTextEquals("data"u8))
                    {
                        picture = Picture(ref reader);
                    }
                    else
                    {
                        reader.Skip();
                    }
                }
            }
        }

        // What a model draws and says while it thinks are drafts, not its answer.
        if (!isThought)
        {
            found.Picture ??= picture;
            found.AddWords(words);
        }
    }

    private static (long? Prompt, long? Output, long? Thoughts)? ReadUsage(ref Utf8JsonReader reader)
    {
        if (!EntersObject(ref reader))
        {
            return null;
        }

        (long? Prompt, long? Output, long? Thoughts) usage = default;
        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("promptTokenCount"u8))
            {
                usage.Prompt = Number(ref reader);
            }
            else if (reader.ValueTextEquals("candidatesTokenCount"u8))
            {
                usage.Output = Number(ref reader);
            }
            else if (reader.ValueTextEquals("thoughtsTokenCount"u8))
            {
                usage.Thoughts = Number(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return usage;
    }

    private static void ReadPromptFeedback(ref Utf8JsonReader reader, GenerateContentReply found)
    {
        if (!EntersObject(ref reader))
        {
            return;
        }

        while (NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("blockReason"u8))
            {
                found.BlockReason = Text(ref reader);
            }
            else if (reader.ValueTextEquals("blockReasonMessage"u8))
            {
                found.BlockMessage = Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
