using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iga.GenerateImage;
using Iga.Health;
using Iga.Tasks;
using Iga.Tasks.Status;

namespace Iga.Responses;

/// <summary>The JSON that callers read. Prompts are shown as they are: no character is escaped that need not be.</summary>
[JsonSerializable(typeof(AcceptedResponse))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(TaskStatusResponse))]
[JsonSerializable(typeof(TaskStatusResponse.FailureResult))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ConflictResult))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    public static readonly ResponseJson Readable =
        new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
