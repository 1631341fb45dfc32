namespace Iga.GoogleCloud;

/// <summary>An error of the JSON API: <c>{"error": {"message", "errors": [{"reason"}]}}</c>.</summary>
internal sealed record GcsError(GcsError.Detail? Error)
{
    /// <summary>Google's code for what is wrong, finer than the status, such as <c>rateLimitExceeded</c>.</summary>
    public string? Reason => Error?.Errors is [{ Reason: var reason }, ..] ? reason : null;

    internal sealed record Detail(string? Message, IReadOnlyList<Part?>? Errors = null);

    internal sealed record Part(string? Reason);
}
