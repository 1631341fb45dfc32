using System.Text.Json;
using Iga.Tasks;

namespace Iga.LocalHost.Host;

/// <summary>Reads from an activity's input, the JSON of a record with a task in it, who posted the task.</summary>
internal static class ActivityCaller
{
    private const string Task = nameof(Task);

    /// <returns>Empty where keys have no names.</returns>
    public static string Of(string? input)
    {
        if (input is null)
        {
            return "";
        }

        try
        {
            using var json = JsonDocument.Parse(input);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(Task, out var task) && task.ValueKind == JsonValueKind.Object
                && task.TryGetProperty(nameof(ImageTask.Caller), out var caller) && caller.ValueKind == JsonValueKind.String
                ? caller.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
