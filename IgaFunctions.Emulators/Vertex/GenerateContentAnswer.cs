using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Iga.Emulators.Faults;

namespace Iga.Emulators.Vertex;

/// <summary>The answer of the Gemini dialect.</summary>
internal static class GenerateContentAnswer
{
    private const string Refusal = "I'm sorry, but I can't create that image. Would you like me to try something else?";
    private const string Text = "This is an emulated answer: no model has read the prompt.";

    /// <param name="pictures">Empty when a fault made them impossible, or none was asked for.</param>
    public static PictureAnswer Build(
        string modelId, ModelRequest request, IReadOnlyList<AnsweredPicture> pictures, Fault? fault, DateTimeOffset now) =>
        new((answer, json) =>
    {
        string? said = null;
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
                WriteCandidate(json, "STOP", () => WriteText(json, said = Refusal));
                break;
            case var _ when pictures.Count == 0:
                WriteCandidate(json, "STOP", () => WriteText(json, said = Text));
                break;
            default:
                WriteCandidate(json, fault is Fault.RefusedDraft ? "IMAGE_SAFETY" : "STOP", () =>
                {
                    if (fault is not Fault.RefusedDraft && request.WantsText)
                    {
                        WriteText(json, "Here is your image: ");
                    }

                    foreach (var picture in pictures)
                    {
                        json.WriteStartObject();
                        json.WriteStartObject("inlineData");
                        json.WriteString("mimeType", picture.ClaimedType);
                        answer.WritePicture(json, "data", picture.Bytes, picture.Times);
                        json.WriteEndObject();
                        if (fault is Fault.RefusedDraft)
                        {
                            json.WriteBoolean("thought", true);
                        }

                        json.WriteEndObject();
                    }
                });
                break;
        }

        UsageMetadata.Write(json, request, pictures.Count, said);
        json.WriteString("modelVersion", modelId);
        json.WriteString("createTime", now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture));
        json.WriteString("responseId", NewId());
        json.WriteEndObject();
    });

    /// <summary>22 letters, as long as Google's.</summary>
    private static string NewId() => Base64Url.EncodeToString(Guid.NewGuid().ToByteArray());

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

        if (finishReason is "SAFETY" or "IMAGE_SAFETY")
        {
            WriteRating(json);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteRating(Utf8JsonWriter json)
    {
        json.WriteStartArray("safetyRatings");
        json.WriteStartObject();
        json.WriteString("category", "HARM_CATEGORY_DANGEROUS_CONTENT");
        json.WriteString("probability", "HIGH");
        json.WriteBoolean("blocked", true);
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
}
