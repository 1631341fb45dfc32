using Iga.Emulators.Hosting;

namespace Iga.Emulators.Faults;

/// <summary>Lets one request run into its fault, at the fault's point.</summary>
/// <param name="fault">Null when the request is to be served as it should be.</param>
internal sealed class FaultedExchange(HttpContext context, Fault? fault, TimeProvider time)
{
    public Fault? Fault { get; } = fault;

    /// <summary>Bytes of an answer that comes in chunks, and so without a Content-Length.</summary>
    public long? AnswerLength { get; set; }

    /// <summary>Delays the request, or ends it by an exception.</summary>
    public async Task BeforeWorkAsync()
    {
        switch (Fault)
        {
            case Fault.Stall { AfterWork: false } stall:
                await Task.Delay(stall.Time, time, context.RequestAborted);
                break;
            case Fault.ReturnStatus { AfterWork: false } status:
                throw Error(status);
            case Fault.ReturnStatusUntil status:
                throw new ApiException(status.Status) { RetryAfterDate = status.Seconds };
            case Fault.ReturnStatusWithRetryInfo status:
                throw new ApiException(status.Status) { RetryAfter = 0, RetryInfo = status.Seconds };
            case Fault.RefusedToken:
                throw new ApiException(401);
            case Fault.RateLimit limit:
                throw new ApiException(403, limit.OfUser ? "userRateLimitExceeded" : "rateLimitExceeded", "Rate limit exceeded.");
            case Fault.ExpiredUrl:
                throw new ApiException(400, "ExpiredToken", "Invalid argument.");
            case Fault.SignatureMismatch:
                throw new ApiException(403, "SignatureDoesNotMatch");
            case Fault.ResetConnection { AfterWork: false }:
                throw Wire.Reset(context);
        }
    }

    /// <summary>Loses the answer by an exception, or prepares the answer's body to be spoiled while it is written.</summary>
    public async Task AfterWorkAsync()
    {
        switch (Fault)
        {
            case Fault.Stall { AfterWork: true } stall:
                await Task.Delay(stall.Time, time, context.RequestAborted);
                break;
            case Fault.ReturnStatus { AfterWork: true } status:
                throw Error(status);
            case Fault.ResetConnection { AfterWork: true }:
                throw Wire.Reset(context);
            case Fault.ResetInsideBody reset:
                Spoil(reset.Bytes, () => throw Wire.Reset(context));
                break;
            case Fault.TruncateBody truncate:
                Spoil(truncate.Bytes, () => Wire.FinishAsync(context));
                break;
            case Fault.StallInsideBody stall:
                Spoil(stall.Bytes, () => Task.Delay(stall.Time, time, context.RequestAborted));
                break;
            case Fault.SlowBody slow:
                context.Response.Body = new SlowedBody(
                    context.Response.Body, slow.BytesPerSecond, () => Task.Delay(TimeSpan.FromSeconds(1), time, context.RequestAborted));
                break;
        }
    }

    private static ApiException Error(Fault.ReturnStatus fault) =>
        new(fault.Status, fault.Reason, fault.Message) { RetryAfter = fault.RetryAfter };

    // Never past the last byte but one: a fault that was scripted strikes, however short the answer is.
    private void Spoil(long? bytes, Func<Task> strike) =>
        context.Response.Body = new SpoiledBody(
            context.Response.Body,
            () => (AnswerLength ?? context.Response.ContentLength) is { } length ? Math.Min(bytes ?? length / 2, length - 1) : bytes ?? 0,
            strike);
}
