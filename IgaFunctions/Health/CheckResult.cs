using System.Text.Json.Serialization;

namespace Iga.Health;

/// <summary>One line of a report on the service's readiness.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status"><c>ok</c>, <c>failed</c>, or <c>unknown</c> where something else keeps it from being found out.</param>
/// <param name="Reason">Null where it is ok. No host names and no paths.</param>
public sealed record CheckResult(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("reason")] string? Reason)
{
    public const string OkStatus = "ok";

    internal static CheckResult Ok(string name) => new(name, OkStatus, null);

    internal static CheckResult Unknown(string name, string reason) => new(name, "unknown", reason);

    internal static CheckResult Of(string name, Readiness readiness) =>
        readiness.IsReady ? Ok(name) : new(name, "failed", readiness.Message);
}
