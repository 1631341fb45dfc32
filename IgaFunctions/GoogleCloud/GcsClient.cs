using Google.Apis.Http;
using Google.Apis.Services;
using Google.Apis.Storage.v1;
using Google.Cloud.Storage.V1;
using Iga.Bucket;
using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>Google's client of Cloud Storage as this service wants it: one try a call, our own connections.</summary>
internal static class GcsClient
{
    // Resources are small; more of one is not worth reading.
    private const int MaxJson = 256 * 1024;

    /// <param name="wire">Sends the requests; the client disposes it.</param>
    public static StorageClient Create(
        HttpMessageHandler wire, StorageOptions options, ICallAuthorization authorization, TimeProvider time)
    {
        // Not by StorageClientBuilder: it packs the requests' JSON, which costs more than it saves, and looks credentials up
        // before they are needed.
        var service = new StorageService(new BaseClientService.Initializer
        {
            ApplicationName = "iga",
            BaseUri = GoogleHttp.Resource(options.Endpoint, "storage/v1/").AbsoluteUri,
            DefaultExponentialBackOffPolicy = ExponentialBackOffPolicy.None, // the pipeline repeats, with pauses
            GZipEnabled = false,
            HttpClientFactory = new Factory(new GcsAnswers(
                new AuthorizedHandler(wire, Dependency.ImageStore, authorization), options, time)),
        });
        service.HttpClient.Timeout = Timeout.InfiniteTimeSpan; // the pipeline times every attempt
        service.HttpClient.MaxResponseContentBufferSize = MaxJson;
        service.HttpClient.MessageHandler.NumTries = 1; // else it asks at once how far a broken upload got
        return new StorageClientImpl(service);
    }

    private sealed class Factory(HttpMessageHandler handler) : HttpClientFactory
    {
        protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => handler;
    }
}
