using Iga.Faults;

namespace Iga.Bucket;

/// <summary>What the answers of GCS that say no mean to a caller.</summary>
public static class StorageFaults
{
    /// <param name="doing">What was being done, such as <c>store the image</c>.</param>
    /// <param name="status">The HTTP status, or its equivalent.</param>
    /// <param name="message">GCS's own words.</param>
    /// <param name="reason">GCS's code for it, finer than the status.</param>
    public static FailureException OfStatus(
        string doing, int status, string? message, TimeSpan? retryAfter = null, string? reason = null)
    {
        var said = ForeignText.Clean(message) is { } words ? $" {words}" : "";
        return status switch
        {
            // The checksum was right when it was computed, so the bytes were damaged on their way.
            400 when message?.Contains("crc32c", StringComparison.OrdinalIgnoreCase) == true => Unavailable(
                $"The image store received other bytes than were sent.{said} Try again later.", retryAfter),
            403 when reason is "rateLimitExceeded" or "userRateLimitExceeded" => Unavailable(
                $"The image store gets more requests than it takes (status 403).{said} Try again later.", retryAfter),
            408 or 429 or 499 or >= 500 => Unavailable(
                $"The image store could not {doing} at the moment (status {status}).{said} Try again later.", retryAfter),
            404 => Denied($"The image store could not {doing}: the bucket does not exist (status 404).{said}"),
            401 or 403 => Denied($"The service is not allowed to {doing} in the bucket (status {status}).{said}"),
            _ => Denied($"The image store refused to {doing} (status {status}).{said}"),
        };
    }

    public static FailureException Damaged() => Unavailable(
        "The image store holds other bytes than were sent. Try again later.", null);

    /// <summary>An object was in the way of an upload, and was gone when it was looked at.</summary>
    public static FailureException Vanished() => Unavailable(
        "An object of the image's name came and went while the image was being stored. Try again later.", null);

    public static FailureException Unreadable(Exception cause) => new(
        FailureKind.StorageUnavailable, "The image store's answer was cut off or is not JSON. Try again later.",
        isTransient: true, innerException: cause);

    /// <summary>An upload that was under way is not known any more; it has to begin anew.</summary>
    public static FailureException UploadLost() => Unavailable(
        "The image store lost the upload while the image was being stored. Try again later.", null);

    /// <summary>The bucket asked for the content to be sent to an address that nobody configured.</summary>
    public static FailureException Elsewhere() => Denied(
        "The image store asked for the image to be sent to another host than the one that is configured.");

    public static FailureException NoBucket() => Denied("No bucket is configured to store images in.");

    private static FailureException Denied(string message) => new(
        FailureKind.StorageDenied, $"{message} The service's operator must check the bucket's name and permissions.");

    private static FailureException Unavailable(string message, TimeSpan? retryAfter) => new(
        FailureKind.StorageUnavailable, message, isTransient: true, retryAfter);
}
