using System.Text;
using System.Text.Json;

namespace Iga.Bench.Load;

/// <summary>What callers send, ready for the wire, and what they read of the answers.</summary>
internal static class Requests
{
    private const string Fields =
        "\"prompt\": \"A lighthouse at dawn above a calm sea, painted in watercolours, for the cover of a podcast\", \"aspect_ratio\": \"1:1\"";

    /// <param name="imageSize">Null leaves it to the service.</param>
    public static byte[] Post(string key, string? imageSize = null)
    {
        var body = imageSize is null ? $"{{{Fields}}}" : $"{{{Fields}, \"image_size\": \"{imageSize}\"}}";
        return Encoding.ASCII.GetBytes(
            $"POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: {key}\r\nX-Workflow-ID: bench\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }

    public static byte[] Poll(string taskId) => Get($"/v1/tasks/{taskId}");

    public static byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");

    public static string TaskId(Answer answer) => Field(answer, "task_id");

    public static string Status(Answer answer) => Field(answer, "status");

    private static string Field(Answer answer, string name)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty(name).GetString()!;
    }
}
