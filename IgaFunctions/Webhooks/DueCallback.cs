namespace Iga.Webhooks;

/// <summary>A webhook that somebody has to look after, and that was taken on for that.</summary>
/// <param name="HasEnded">Whether the task has; else there is nothing to report yet.</param>
/// <param name="IsKnown">Whether the database still knows the task.</param>
public sealed record DueCallback(WebhookRun Run, bool HasEnded, bool IsKnown);
