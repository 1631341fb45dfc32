using System.Globalization;
using System.Text.Json.Nodes;

namespace Iga.LocalHost.CommandLine.Server;

/// <summary>Members of a task's document, in words. Whatever the service wrote is made fit for a terminal.</summary>
internal static class TaskText
{
    /// <returns>Null where there is none.</returns>
    public static string? Text(JsonNode? json, string name) =>
        json is JsonObject && json[name] is JsonValue value && value.TryGetValue<string>(out var text) ? ShownText.Of(text) : null;

    public static decimal? Number(JsonNode? json, string name) =>
        json is JsonObject && json[name] is JsonValue value && value.TryGetValue<decimal>(out var number) ? number : null;

    public static DateTimeOffset? Time(JsonNode? json, string name) =>
        DateTimeOffset.TryParse(Text(json, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static string? Price(JsonNode? json) =>
        Number(json, "price_usd") is { } usd ? string.Create(CultureInfo.InvariantCulture, $"${usd:0.0###}") : null;

    /// <returns>What a task has ended in, in one line; null where it has not.</returns>
    public static string? Result(JsonNode? task) => task?["result"] switch
    {
        JsonObject result when Text(result, "image_url") is { } url => url,
        JsonObject result when result["error"] is JsonObject error => $"{Text(error, "type")}: {Text(error, "message")}",
        JsonObject result => $"{Text(result, "status")}: {Text(result, "message")}",
        _ => null,
    };

    /// <returns>How long ago, in its largest unit.</returns>
    public static string Age(DateTimeOffset? time, DateTimeOffset now) => time is not { } then ? "" : (now - then) switch
    {
        { TotalSeconds: < 1 } => "now",
        { TotalMinutes: < 1 } age => $"{(int)age.TotalSeconds} s",
        { TotalHours: < 1 } age => $"{(int)age.TotalMinutes} min",
        { TotalDays: < 1 } age => $"{(int)age.TotalHours} h",
        var age => $"{(int)age.TotalDays} d",
    };

    /// <summary>One task as a line of a table.</summary>
    public static string Row(JsonNode? task, DateTimeOffset now) => string.Join("  ",
        (Text(task, "task_id") ?? "").PadRight(36),
        (Text(task, "status") ?? "").PadRight(7),
        Age(Time(task, "created_at"), now).PadLeft(6),
        ShownText.Of(Text(task, "model") ?? "", 28).PadRight(28),
        (Price(task) ?? "").PadLeft(7),
        ShownText.Of(Text(task, "prompt") ?? "", 60)).TrimEnd();

    public static readonly string Header = string.Join("  ",
        "TASK".PadRight(36), "STATUS".PadRight(7), "AGE".PadLeft(6), "MODEL".PadRight(28), "PRICE".PadLeft(7), "PROMPT");
}
