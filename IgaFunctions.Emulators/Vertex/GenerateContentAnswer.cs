using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Faults;

namespace Iga.Emulators.Vertex;

/// <summary>The answer of the Gemini dialect.</summary>
internal static class GenerateContentAnswer
{
    private const string Refusal = "I'm sorry, but I can't create that image. Would you like me to try something else?";

    /// <param name="pictures">Empty when a fault made them impossible, or none was asked for.</param>
    public static PictureAnswer Build(
        string modelId, ModelRequest request, IReadOnlyList<AnsweredPicture> pictures, Fault? fault, DateTimeOffset now) =>
        new((answer, json) =>
    {
        json.WriteStartObject();
        switch (fault)
        {
            case Fault.NoPredictions:
                break;
            case Fault.BlockedPrompt:
                json.WriteStartObject("promptFeedback");
                json.WriteString("blockReason", "PROHIBITED_CONTENT");
                json.WriteString("blockReasonMessage", "The prompt is blocked due to prohibited content.");
                json.WriteEndObject();
                break;
            case Fault.Block block:
                json.WriteStartObject("promptFeedback");
                WriteReason(json, "blockReason", block.Reason);
                json.WriteEndObject();
                break;
            case Fault.Finish finish:
                WriteCandidate(json, finish.Reason, () => { }, $"The model ended with {finish.Reason}: the image is not shown.");
                break;
            case Fault.TextOnly:
                WriteCandidate(json, "STOP", () => WriteText(json, Refusal));
                break;
            default:
                WriteCandidate(json, "STOP", () =>
                {
                    if (request.WantsText)
                    {
                        WriteText(json, pictures.Count > 0 ? "Here is your image: " : "The emulator has nothing to say.");
                    }

                    foreach (var picture in pictures)
                    {
                        json.WriteStartObject();
                        json.WriteStartObject("inlineData");
                        json.WriteString("mimeType", picture.ClaimedType);
                        answer.WritePicture(json, "data", picture.Bytes, picture.Times);
                        json.WriteEndObject();
                        json.WriteEndObject();
                    }
                });
                break;
        }

        WriteUsage(json, request.Prompt, pictures.Count * request.TokensEach);
        json.WriteString("modelVersion", modelId);
        json.WriteString("createTime", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        json.WriteString("responseId", Guid.NewGuid().ToString("N"));
        json.WriteEndObject();
    });

    private static void WriteCandidate(Utf8JsonWriter json, string finishReason, Action writeParts, string? finishMessage = null)
    {
        json.WriteStartArray("candidates");
        json.WriteStartObject();
        json.WriteStartObject("content");
        json.WriteString("role", "model");
        if (finishMessage is null)
        {
            json.WriteStartArray("parts");
            writeParts();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        WriteReason(json, "finishReason", finishReason);
        if (finishMessage is not null)
        {
            json.WriteString("finishMessage", finishMessage);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    // A reason that a client does not know arrives as its number.
    private static void WriteReason(Utf8JsonWriter json, string name, string reason)
    {
        if (int.TryParse(reason, CultureInfo.InvariantCulture, out var number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteString(name, reason);
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, string prompt, int imageTokens)
    {
        var promptTokens = (prompt.Length + 3) / 4;
        json.WriteStartObject("usageMetadata");
        json.WriteNumber("promptTokenCount", promptTokens);
        if (imageTokens > 0)
        {
            json.WriteNumber("candidatesTokenCount", imageTokens);
        }

        json.WriteNumber("totalTokenCount", promptTokens + imageTokens);
        json.WriteString("trafficType", "ON_DEMAND");
        json.WriteEndObject();
    }
}
