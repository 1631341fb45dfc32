using System.Text.Json.Serialization;

namespace Iga.Health;

/// <summary>The body of <c>/readyz</c>.</summary>
/// <param name="Status"><c>ok</c>, or <c>unavailable</c> where a check is not.</param>
public sealed record ReadinessResponse(
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("checks")] IReadOnlyList<CheckResult> Checks);
