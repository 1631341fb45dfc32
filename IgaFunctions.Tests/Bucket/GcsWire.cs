using Iga.Bucket;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Bucket;

/// <summary>One of the ways that the service speaks to GCS.</summary>
/// <param name="IsResumable">Whether an upload is two requests, of which the second brings the content.</param>
internal sealed record GcsWire(
    Func<HttpMessageHandler, StorageOptions, ICallAuthorization, TimeProvider, IGcsTransport> Create, bool IsResumable)
{
    public static GcsWire Rest { get; } = new(
        (handler, options, authorization, time) =>
            new RestGcsTransport(GoogleHttp.CreateClient(handler, Dependency.ImageStore, authorization), options, time),
        IsResumable: false);

    public static GcsWire Client { get; } = new(
        (handler, options, authorization, time) =>
            new ClientGcsTransport(GcsClient.Create(handler, options, authorization, time)),
        IsResumable: true);

    public IGcsTransport CreateFor(Uri address, string bucket, TimeProvider time) => Create(
        GoogleHttp.CreateHandler(isEmulator: true), new(bucket, "images/iga/", address), new NoAuthorization(), time);

    public IImageStore CreateStore(Uri address, string bucket) => new GcsImageStore(
        CreateFor(address, bucket, TimeProvider.System), new(bucket, "images/iga/", address), new RecordingObserver(),
        TimeProvider.System);

    /// <param name="bucket">Where the upload begins, as it should.</param>
    /// <param name="step">Answers the request that brings the content.</param>
    public RequestDelegate[] Upload(TinyBucket bucket, RequestDelegate step) =>
        IsResumable ? [bucket.HandleAsync, step] : [step];
}
