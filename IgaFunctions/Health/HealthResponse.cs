using System.Text.Json.Serialization;

namespace Iga.Health;

/// <summary>The body of a healthy answer.</summary>
public sealed record HealthResponse([property: JsonPropertyName("status")] string Status);
