using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Iga.Tests.Architecture;

namespace Iga.Tests.Determinism;

/// <summary>
/// One task's orchestration as it ran: what it was started with, what it was told, and what it asked for and showed after the
/// start and after each event.
/// </summary>
/// <param name="Path">Which way through the workflow it took, in words.</param>
/// <param name="StartedAt">The orchestration's first clock reading.</param>
internal sealed record RecordedHistory(
    string Path, string Orchestrator, string InstanceId, DateTime StartedAt, JsonElement Input, RecordedHistory.Rest Start,
    IReadOnlyList<RecordedHistory.Event> Events, JsonElement? Output)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Directory { get; } =
        System.IO.Path.Combine(Sources.Root, "IgaFunctions.Tests", "Determinism", "Histories");

    /// <summary>Where a task of an orchestrator that took a way through it is kept, below <see cref="Directory"/>.</summary>
    public static string FileOf(string orchestrator, string path) =>
        System.IO.Path.Combine(orchestrator, $"{path.Replace(' ', '-')}.json");

    public static RecordedHistory Load(string file) =>
        JsonSerializer.Deserialize<RecordedHistory>(File.ReadAllText(System.IO.Path.Combine(Directory, file)), Json)!;

    public void Save() => File.WriteAllText(
        System.IO.Path.Combine(Directory, FileOf(Orchestrator, Path)), JsonSerializer.Serialize(this, Json) + "\n");

    public static JsonElement? Parse(string? json) => json is null ? null : JsonDocument.Parse(json).RootElement.Clone();

    public static string? Text(JsonElement? element) => element is { } value ? JsonSerializer.Serialize(value) : null;

    /// <param name="TaskId">The task that ended, counted from 0 in the order in which the orchestrator asked.</param>
    /// <param name="Kind"><c>completed</c>, <c>failed</c> or <c>fired</c>.</param>
    internal sealed record Event(int TaskId, string Kind, string Name, JsonElement? Payload, DateTime At, Rest Then);

    /// <summary>Where the orchestrator came to rest.</summary>
    /// <param name="WaitsFor">Nothing when it ended.</param>
    internal sealed record Rest(IReadOnlyList<Asked> WaitsFor, string? CustomStatus);

    /// <summary>A task that was asked for and has not ended.</summary>
    /// <param name="Input">Of an activity.</param>
    /// <param name="FireAt">Of a timer.</param>
    internal sealed record Asked(int TaskId, string Name, JsonElement? Input = null, DateTime? FireAt = null);
}
