using Iga.Http;

namespace Iga.Limits;

/// <summary>Why a new task is not taken on at the moment.</summary>
/// <param name="ErrorCode">One of <see cref="Http.ErrorCode"/>.</param>
/// <param name="Message">Says which limit; of other callers it says nothing.</param>
/// <param name="RetryAfter">When the same request may succeed.</param>
internal sealed record Refusal(string ErrorCode, string Message, TimeSpan RetryAfter)
{
    /// <summary>When one of the tasks ends is not known; it is seconds in any case.</summary>
    private static readonly TimeSpan ForATaskToEnd = TimeSpan.FromSeconds(5);

    public static readonly Refusal Full = new(
        Http.ErrorCode.TooManyTasks,
        "The service has as many tasks under way as it takes on; send the same request again later.",
        ForATaskToEnd);

    public static Refusal TooManyOf(string caller, int limit) => new(
        Http.ErrorCode.TooManyTasks,
        $"The API key {caller} has the {limit} tasks under way that it may have; send the same request again when one has ended.",
        ForATaskToEnd);

    public static Refusal TooFast(string caller, int limit, TimeSpan wait) => new(
        Http.ErrorCode.RateLimited,
        $"The API key {caller} has started the {limit} tasks that it may start within a minute; send the same request again later.",
        wait);

    public static Refusal TooExpensive(string caller, decimal limit, TimeSpan wait) => new(
        Http.ErrorCode.SpendLimitReached,
        FormattableString.Invariant(
            $"With this picture the API key {caller} would spend more than {limit} US dollars today (UTC); send the same request again tomorrow."),
        wait);

    public static Refusal DayIsSpent(decimal limit, TimeSpan wait) => new(
        Http.ErrorCode.SpendLimitReached,
        FormattableString.Invariant(
            $"With this picture the service would spend more than its {limit} US dollars of today (UTC); send the same request again tomorrow."),
        wait);

    public RejectedException ToException() =>
        new(StatusCodes.Status429TooManyRequests, ErrorCode, Message) { RetryAfter = RetryAfter };
}
