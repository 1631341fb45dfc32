using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>One call of a model for a task, short repeats included.</summary>
/// <param name="Model">The model that was called.</param>
/// <param name="At">When it was, UTC, in milliseconds.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Fault">What it failed of; null for the call that made the picture.</param>
public sealed record TaskAttempt(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("at")] DateTime At,
    [property: JsonPropertyName("seconds")] double Seconds,
    [property: JsonPropertyName("fault")] TaskError? Fault = null)
{
    /// <summary>So many of a task are kept, the last ones.</summary>
    public const int MostKept = 20;

    /// <summary>Characters; a model may have said a lot.</summary>
    private const int LongestMessage = 500;

    /// <param name="kind">One of <see cref="Faults.FailureKind"/>; null for the call that made the picture.</param>
    public static TaskAttempt Of(string model, DateTimeOffset at, TimeSpan elapsed, string? kind = null, string message = "") => new(
        model,
        new DateTime(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc),
        Math.Round(elapsed.TotalSeconds, 3),
        kind is null ? null : new TaskError(kind, message.Length <= LongestMessage ? message : message[..LongestMessage]));
}
