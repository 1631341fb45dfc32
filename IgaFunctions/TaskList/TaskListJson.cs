using System.Text.Json.Serialization;
using Iga.Http;
using Iga.Tasks;
using Iga.TaskStatus;

namespace Iga.TaskList;

/// <summary>The JSON of lists of tasks, and of one task as lists tell it.</summary>
[JsonSerializable(typeof(TaskListResponse))]
[JsonSerializable(typeof(TaskSummary))]
[JsonSerializable(typeof(TaskStatusResponse.FailureResult))]
[JsonSerializable(typeof(ImageResult))]
[JsonSerializable(typeof(ConflictResult))]
internal sealed partial class TaskListJson : JsonSerializerContext
{
    public static readonly TaskListJson Readable = new(ReadableJson.Options);
}
