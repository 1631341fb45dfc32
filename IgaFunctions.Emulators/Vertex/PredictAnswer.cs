using Iga.Emulators.Faults;

namespace Iga.Emulators.Vertex;

/// <summary>The answer of the Imagen dialect.</summary>
internal static class PredictAnswer
{
    /// <param name="pictures">Empty when a fault made them impossible.</param>
    public static PictureAnswer Build(ModelRequest request, IReadOnlyList<AnsweredPicture> pictures, Fault? fault) =>
        new((answer, json) =>
    {
        json.WriteStartObject();
        // Without includeRaiReason, an answer whose pictures were all filtered out has no predictions at all.
        if (fault is Fault.RefusedDraft)
        {
            pictures = [];
        }

        var filtered = fault is (Fault.BlockedPrompt or Fault.Finish or Fault.Block or Fault.RefusedDraft) && request.IncludeRaiReason;
        if (pictures.Count > 0 || filtered || fault is Fault.TextOnly)
        {
            json.WriteStartArray("predictions");
            foreach (var picture in pictures)
            {
                json.WriteStartObject();
                json.WriteString("mimeType", picture.ClaimedType);
                answer.WritePicture(json, "bytesBase64Encoded", picture.Bytes, picture.Times);
                json.WriteString("prompt", request.Prompt);
                json.WriteEndObject();
            }

            if (filtered)
            {
                json.WriteStartObject();
                json.WriteString("raiFilteredReason", VertexErrors.Filtered);
                json.WriteEndObject();
            }
            else if (fault is Fault.TextOnly)
            {
                json.WriteStartObject();
                json.WriteString("prompt", request.Prompt);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    });
}
