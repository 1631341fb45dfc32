using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Iga.Http;
using Iga.Tasks;
using Iga.TaskStatus;
using Iga.Workflow;

namespace Iga.Webhooks.Delivery;

/// <summary>What receivers are sent: the event's type and time, and the task's document as a poll gives it.</summary>
internal static class WebhookMessage
{
    /// <summary>The same for every attempt, so that receivers can tell what they have had. It has no dot in it.</summary>
    public static string IdOf(Guid taskId) => $"msg_{taskId:N}";

    public static byte[] Write(Guid taskId, TaskOutcome outcome, DateTimeOffset endedAt)
    {
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("type", TypeOf(outcome));
            writer.WriteString("timestamp", UtcMilliseconds.Text(endedAt));
            writer.WritePropertyName("data");
            var document = TaskStatusResponse.For(taskId, TaskState.Of(new Keys.TaskRecord(taskId, outcome)), details: null);
            JsonSerializer.Serialize(writer, document, TaskStatusJson.Readable.TaskStatusResponse);
            writer.WriteEndObject();
        }

        return json.WrittenSpan.ToArray();
    }

    private static string TypeOf(TaskOutcome outcome) => outcome switch
    {
        { Image: not null } => "task.succeeded",
        { Conflict: not null } => "task.conflict",
        _ => "task.failed",
    };
}
