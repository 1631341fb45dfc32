using System.Text.Json.Serialization;
using Iga.Http;
using Iga.Tasks;

namespace Iga.TaskStatus;

[JsonSerializable(typeof(TaskStatusResponse))]
[JsonSerializable(typeof(TaskStatusResponse.FailureResult))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ConflictResult))]
internal sealed partial class TaskStatusJson : JsonSerializerContext
{
    public static readonly TaskStatusJson Readable = new(ReadableJson.Options);
}
