using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>Why a task failed.</summary>
/// <param name="Type">One of <see cref="Faults.FailureKind"/>.</param>
public sealed record TaskError(
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("message")] string Message);
