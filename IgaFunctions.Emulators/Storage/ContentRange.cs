using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>A chunk's place in a resumable upload.</summary>
/// <param name="From">The first byte's offset; null asks for the upload's status.</param>
/// <param name="To">The last byte's offset, inclusive; null is wherever the body ends.</param>
/// <param name="Total">The whole object's size; null is not known yet.</param>
internal sealed partial record ContentRange(long? From, long? To, long? Total)
{
    /// <summary>Asks how far the upload got.</summary>
    public bool AsksForStatus => From is null;

    /// <summary>
    /// Whether the request ends the upload, as far as its header tells. <c>bytes 0-*/*</c> does: the rest of the object is this body.
    /// </summary>
    public bool IsLast => From is not null && (Total is null ? To is null : To + 1 >= Total);

    /// <returns>Null when the request has no such header: its body is the whole object.</returns>
    /// <exception cref="ApiException">400.</exception>
    public static ContentRange? Of(HttpRequest request)
    {
        if (request.Headers.ContentRange.ToString() is not { Length: > 0 } header)
        {
            return null;
        }

        var match = Form().Match(header);
        long? Number(string group) => match.Groups[group] is { Success: true } g
            ? long.Parse(g.Value, CultureInfo.InvariantCulture)
            : null;
        var range = new ContentRange(Number("from"), Number("to"), Number("total"));
        return match.Success && !(range.To < range.From) && !(range.To >= range.Total) && !(range.From > range.Total)
            ? range
            : throw new ApiException(400, "invalid", $"Invalid Content-Range: \"{header}\".");
    }

    [GeneratedRegex(@"^bytes (?:(?<from>\d{1,18})-(?:(?<to>\d{1,18})|\*)|\*)/(?:(?<total>\d{1,18})|\*)\z")]
    private static partial Regex Form();
}
