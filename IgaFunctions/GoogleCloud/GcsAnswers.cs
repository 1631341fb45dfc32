using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Bucket;

namespace Iga.GoogleCloud;

/// <summary>
/// Stands between Google's client and the wire: turns an answer that says no into the failure that a caller is told, before the
/// client can repeat the request without a pause or drop its Retry-After.
/// </summary>
internal sealed class GcsAnswers(HttpMessageHandler wire, StorageOptions options, TimeProvider time) : DelegatingHandler(wire)
{
    // Errors are small; more of one is not worth reading.
    private const int MaxError = 256 * 1024;

    // An upload in chunks is incomplete so far; HttpStatusCode calls it a redirect.
    private const HttpStatusCode Incomplete = HttpStatusCode.PermanentRedirect;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The answer to an upload's beginning says where its content is to go: the token goes to no stranger.
        if (!options.IsEmulator
            && request.RequestUri?.GetLeftPart(UriPartial.Authority) != options.Endpoint.GetLeftPart(UriPartial.Authority))
        {
            throw StorageFaults.Elsewhere();
        }

        var isChunk = request.Method == HttpMethod.Put;
        var response = await base.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode && request.Method == HttpMethod.Post
            && response.Headers.Location is not { IsAbsoluteUri: true })
        {
            response.Dispose();
            throw StorageFaults.UploadLost(); // the client would go on without an address
        }

        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.PreconditionFailed
            || (isChunk && response.StatusCode == Incomplete)
            || (IsObject(request) && response.StatusCode == HttpStatusCode.NotFound))
        {
            return response;
        }

        using (response)
        {
            var error = await ReadErrorAsync(response, cancellationToken);
            throw isChunk && response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone
                ? StorageFaults.UploadLost()
                : StorageFaults.OfStatus(
                    Doing(request), (int)response.StatusCode, error?.Error?.Message,
                    GoogleHttp.RetryAfter(response.Headers, time), error?.Reason);
        }
    }

    // Uploads are posted and put; an object that is not there is an answer to everything else.
    private static bool IsObject(HttpRequestMessage request) =>
        request.Method != HttpMethod.Post && request.Method != HttpMethod.Put;

    private static string Doing(HttpRequestMessage request) => request.Method.Method switch
    {
        "GET" => "look up the image",
        "PATCH" => "adopt the image",
        "DELETE" => "delete the image",
        _ => "store the image",
    };

    private static async Task<GcsError?> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxError, cancellationToken);
            return await response.Content.ReadFromJsonAsync(GcsJson.Default.GcsError, cancellationToken);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException or InvalidOperationException)
        {
            return null; // An error page of a proxy, say. The status says enough.
        }
    }
}
