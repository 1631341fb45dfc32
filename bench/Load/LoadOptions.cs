namespace Iga.Bench.Load;

/// <summary>How much load.</summary>
/// <param name="Clients">Each sends its next request when it has the answer to the last.</param>
/// <param name="Requests">No more than these in all.</param>
/// <param name="Limit">No new request after this time.</param>
/// <param name="Pause">What a client waits between an answer and its next request.</param>
internal sealed record LoadOptions(int Clients, int Requests, TimeSpan Limit, TimeSpan Pause = default);
