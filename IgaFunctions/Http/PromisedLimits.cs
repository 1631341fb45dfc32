namespace Iga.Http;

/// <summary>
/// The times that a caller is promised. Every budget of the service is taken from here, and a test holds their sums below.
/// </summary>
public static class PromisedLimits
{
    /// <summary>After so long at the latest a caller is told that the service can't do it at the moment (503).</summary>
    public static readonly TimeSpan Refusal = TimeSpan.FromSeconds(5);

    /// <summary>For so long the caller polls a task: one that fails has to say so earlier, or nobody reads why.</summary>
    public static readonly TimeSpan Polling = TimeSpan.FromSeconds(240);

    /// <summary>For so long a task is tried again: a minute less than the caller polls, so that it reads the reason of a failure.</summary>
    public static readonly TimeSpan Trying = Polling - TimeSpan.FromSeconds(60);
}
