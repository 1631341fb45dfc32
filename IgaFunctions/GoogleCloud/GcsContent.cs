using System.Net;
using System.Net.Http.Headers;
using Iga.Bucket;

namespace Iga.GoogleCloud;

/// <summary>How an object's content is asked for, by either way to GCS.</summary>
internal static class GcsContent
{
    /// <param name="objectPath">Of the object's resource.</param>
    /// <param name="generation">0 where the other side counts none.</param>
    public static string Path(string objectPath, long generation) =>
        FormattableString.Invariant($"{objectPath}?alt=media{(generation > 0 ? $"&generation={generation}" : "")}");

    /// <param name="send">Returns when the answer's headers have come.</param>
    /// <param name="throwUnlessOk">Throws for an answer that says no.</param>
    /// <returns>Its disposal ends the reading; null when there is no such object.</returns>
    public static async Task<Stream?> OpenAsync(
        HttpRequestMessage request, Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send,
        Func<HttpResponseMessage, Task> throwUnlessOk, long offset, long length, CancellationToken cancellationToken)
    {
        request.Headers.Range = new RangeHeaderValue(offset, offset + length - 1);
        var response = await send(request, cancellationToken);
        try
        {
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                response.Dispose();
                return null;
            }

            await throwUnlessOk(response);
            if (!IsAsked(response, offset, length))
            {
                throw StorageFaults.Unreadable(new InvalidDataException("another part of the object was sent than was asked for"));
            }

            return await response.Content.ReadAsStreamAsync(cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    // A range may be answered with all of the object, which is the same where all of it was asked for.
    private static bool IsAsked(HttpResponseMessage response, long offset, long length) => response.StatusCode switch
    {
        HttpStatusCode.PartialContent =>
            response.Content.Headers.ContentRange is { From: var from, To: var to } && from == offset && to == offset + length - 1,
        HttpStatusCode.OK => offset == 0 && (response.Content.Headers.ContentLength ?? length) == length,
        _ => false,
    };
}
