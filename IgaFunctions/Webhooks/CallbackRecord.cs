namespace Iga.Webhooks;

/// <summary>What is known of the delivery of a task's webhook.</summary>
/// <param name="State">One of <see cref="CallbackState"/>.</param>
/// <param name="Runs">How many orchestrations have taken it on.</param>
/// <param name="EndedAt">When the task was seen to have ended; null while it has not.</param>
/// <param name="Attempts">POSTs that were made.</param>
/// <param name="LastAt">When the last one was made.</param>
/// <param name="LastError">Why it failed; null where none did.</param>
public sealed record CallbackRecord(
    string Url, string State, int Runs, DateTimeOffset? EndedAt, int Attempts, DateTimeOffset? LastAt, string? LastError);
