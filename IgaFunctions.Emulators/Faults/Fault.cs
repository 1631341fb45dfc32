namespace Iga.Emulators.Faults;

/// <summary>
/// One way in which a request goes wrong. A closed set; each has a name, so that it can be scripted over HTTP, and says
/// whether the real work happens.
/// </summary>
/// <param name="Point">When it strikes, seen from the real work.</param>
/// <param name="Target">Which emulator knows it.</param>
public abstract partial record Fault(FaultPoint Point, FaultTarget Target = FaultTarget.Any)
{
    /// <summary>The name that <see cref="FaultName.Parse"/> reads.</summary>
    public abstract string Name { get; }

    /// <summary>Answers with an error status. <c>return-503</c>; <c>return-503-after-body</c> does the work first.</summary>
    /// <param name="Status">400 to 599.</param>
    public sealed record ReturnStatus(int Status, bool AfterWork = false)
        : Fault(AfterWork ? FaultPoint.AfterWork : FaultPoint.InsteadOfWork)
    {
        /// <summary>Seconds in a Retry-After header; null sends none.</summary>
        public int? RetryAfter { get; init; }

        /// <summary>The error's message; null is what Google says with that status.</summary>
        public string? Message { get; init; }

        /// <summary>The error's status text (Vertex AI) or reason (GCS); null is Google's for that status.</summary>
        public string? Reason { get; init; }

        public override string Name => $"return-{Status}{(AfterWork ? "-after-body" : "")}";
    }

    /// <summary>
    /// Answers with an error status and a Retry-After that is a date, by a clock that is an hour fast, as the answer's own Date is.
    /// <c>return-503-retry-date-4s</c>.
    /// </summary>
    /// <param name="Seconds">From the answer's Date on.</param>
    public sealed record ReturnStatusUntil(int Status, int Seconds) : Fault(FaultPoint.InsteadOfWork)
    {
        public override string Name => $"return-{Status}-retry-date-{Seconds}s";
    }

    /// <summary>Does not accept the access token, whatever its age. <c>refused-token-401</c>.</summary>
    public sealed record RefusedToken() : Fault(FaultPoint.InsteadOfWork)
    {
        public override string Name => "refused-token-401";
    }

    /// <summary>
    /// Too many requests, told as a 403: <c>rate-limit-403</c> with the reason rateLimitExceeded, <c>user-rate-limit-403</c> with
    /// userRateLimitExceeded.
    /// </summary>
    public sealed record RateLimit(bool OfUser) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Storage)
    {
        public override string Name => OfUser ? "user-rate-limit-403" : "rate-limit-403";
    }

    /// <summary>
    /// Reads so much of an upload, keeps of it what the protocol keeps, and answers with an error status. Applies only to
    /// requests that carry content. <c>return-503-after-256K</c>.
    /// </summary>
    public sealed record ReturnStatusAfterBytes(int Status, long Bytes) : Fault(FaultPoint.InsteadOfWork)
    {
        public override string Name => $"return-{Status}-after-{Bytes / 1024}K";
    }

    /// <summary>
    /// A TCP reset before any byte of the answer. <c>return-reset-connection</c>;
    /// <c>return-reset-connection-after-body</c> does the work first.
    /// </summary>
    public sealed record ResetConnection(bool AfterWork = false)
        : Fault(AfterWork ? FaultPoint.AfterWork : FaultPoint.InsteadOfWork)
    {
        public override string Name => $"return-reset-connection{(AfterWork ? "-after-body" : "")}";
    }

    /// <summary>A TCP reset inside the answer's body. <c>reset-inside-body</c>, <c>reset-inside-body-after-64K</c>.</summary>
    /// <param name="Bytes">How much of the body is sent first; null is half of it.</param>
    public sealed record ResetInsideBody(long? Bytes = null) : Fault(FaultPoint.InAnswer)
    {
        public override string Name => $"reset-inside-body{After(Bytes)}";
    }

    /// <summary>
    /// The answer ends early, with an orderly FIN and a Content-Length that promised more. <c>truncate-body</c>,
    /// <c>truncate-body-after-64K</c>.
    /// </summary>
    /// <param name="Bytes">How much of the body is sent; null is half of it.</param>
    public sealed record TruncateBody(long? Bytes = null) : Fault(FaultPoint.InAnswer)
    {
        public override string Name => $"truncate-body{After(Bytes)}";
    }

    /// <summary>
    /// Silence before the work (<c>stall-for-5s</c>, <c>latency-200ms</c>) or between the work and its answer
    /// (<c>stall-for-5s-after-body</c>); the request is served all the same.
    /// </summary>
    public sealed record Stall(TimeSpan Time, bool AfterWork = false)
        : Fault(AfterWork ? FaultPoint.AfterWork : FaultPoint.BeforeWork)
    {
        public override string Name => Time.Ticks % TimeSpan.TicksPerSecond == 0 || AfterWork
            ? $"stall-for-{Time.TotalSeconds:0.###}s{(AfterWork ? "-after-body" : "")}"
            : $"latency-{Time.TotalMilliseconds:0.###}ms";
    }

    /// <summary>
    /// Silence inside the answer's body, which then goes on. <c>stall-inside-body</c> (5 s),
    /// <c>stall-for-2s-inside-body</c>, <c>stall-for-2s-inside-body-after-64K</c>.
    /// </summary>
    /// <param name="Bytes">How much of the body is sent first; null is half of it.</param>
    public sealed record StallInsideBody(TimeSpan Time, long? Bytes = null) : Fault(FaultPoint.InAnswer)
    {
        public override string Name => $"stall-for-{Time.TotalSeconds:0.###}s-inside-body{After(Bytes)}";
    }

    /// <summary>The answer's body comes slowly, from its first byte to its last. <c>slow-body-at-16K</c>, <c>slow-body-at-500</c>.</summary>
    /// <param name="BytesPerSecond">At least 1.</param>
    public sealed record SlowBody(int BytesPerSecond) : Fault(FaultPoint.InAnswer)
    {
        public override string Name => $"slow-body-at-{Size(BytesPerSecond)}";
    }

    /// <summary>The answer's JSON breaks off; length and status are in order. <c>malformed-json</c>.</summary>
    public sealed record MalformedJson() : Fault(FaultPoint.InAnswer)
    {
        public override string Name => "malformed-json";
    }

    /// <summary>Says that a precondition did not hold, whether or not it did. <c>precondition-failed-412</c>.</summary>
    public sealed record PreconditionFailed() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Storage)
    {
        public override string Name => "precondition-failed-412";
    }

    /// <summary>The answer reports another CRC-32C than the content has. <c>wrong-crc32c</c>.</summary>
    public sealed record WrongCrc32C() : Fault(FaultPoint.InAnswer, FaultTarget.Storage)
    {
        public override string Name => "wrong-crc32c";
    }

    private static string After(long? bytes) => bytes is { } n ? $"-after-{Size(n)}" : "";

    private static string Size(long bytes) => bytes % 1024 == 0 ? $"{bytes / 1024}K" : $"{bytes}";
}
