using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;
using Iga.Bucket;
using Iga.Faults;

namespace Iga.GoogleCloud;

/// <summary>
/// V4 signed URLs. A service account's key signs here; for the account of a machine on Google Cloud, and for one that is impersonated,
/// Google signs (IAM's signBlob). An emulator knows no keys: for it a key is made up.
/// </summary>
internal sealed class SignedPictureUrls(
    StorageOptions options, Func<CancellationToken, Task<GoogleCredential>> lookUp, IDependencyObserver observer, TimeProvider time,
    ILogger<SignedPictureUrls> logger) : IPictureUrls
{
    /// <summary>Long enough for a browser that goes there at once, also with a clock that is some minutes wrong.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>One try to have it signed: so short that another one has time before a caller is told that it can't be.</summary>
    internal static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(2.5);

    private static readonly Dependency Iam =
        new("iam", "Google's signing of addresses", FailureKind.StorageDenied, FailureKind.StorageUnavailable);

    private readonly DependencyPipeline _pipeline = new(Iam, AttemptTimeout, retryTimeouts: true, observer, time);

    private readonly Lazy<GoogleCredential> _forEmulator = new(() => GoogleCredential.FromServiceAccountCredential(
        new(new ServiceAccountCredential.Initializer("iga@emulator.invalid") { Key = RSA.Create(2048) })));

    public Task<Uri?> SignAsync(StoredPicture picture, CancellationToken cancellationToken) => _pipeline.CallAsync<Uri?>(
        async token => await TrySignAsync(picture, token), cancellationToken, isMeasured: false);

    private async Task<Uri?> TrySignAsync(StoredPicture picture, CancellationToken cancellationToken)
    {
        try
        {
            var credential = options.IsEmulator ? _forEmulator.Value : await lookUp(cancellationToken).WaitAsync(cancellationToken);

            // A signer of its own each time: it keeps what it has found out of the account, a failure too.
            var url = await UrlSigner.FromCredential(credential).SignAsync(Request(picture), Options(), cancellationToken)
                .WaitAsync(cancellationToken);
            return new Uri(url);
        }
        catch (Exception exception) when (CannotSign(exception))
        {
            logger.LogWarning(exception, "The service's Google credentials can't sign addresses");
            return null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The library throws whatever reading an answer throws.
            throw new FailureException(
                FailureKind.StorageUnavailable, "Google did not sign the address of the image. Try again later.", isTransient: true,
                innerException: exception);
        }
    }

    // Credentials of a kind that signs nothing, none at all, or an account that may not sign for itself.
    private static bool CannotSign(Exception exception) => exception switch
    {
        ObjectDisposedException => false,
        InvalidOperationException => true,
        GoogleApiException refused => IsRefusal(refused.HttpStatusCode),
        HttpRequestException { StatusCode: { } status } => IsRefusal(status), // as the library's documentation has it
        _ => false,
    };

    private static bool IsRefusal(HttpStatusCode status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound;

    /// <summary>What the answer says of itself is a part of what is signed: our own type, whatever the object's is.</summary>
    private static UrlSigner.RequestTemplate Request(StoredPicture picture)
    {
        var query = new Dictionary<string, IEnumerable<string>>
        {
            ["response-content-type"] = [picture.ContentType],
            ["response-content-disposition"] = [picture.ContentDisposition],
        };
        if (picture.Generation > 0)
        {
            query["generation"] = [picture.Generation.ToString(CultureInfo.InvariantCulture)];
        }

        return UrlSigner.RequestTemplate.FromBucket(picture.Bucket).WithObjectName(picture.Name).WithHttpMethod(HttpMethod.Get)
            .WithQueryParameters(query);
    }

    private UrlSigner.Options Options() => UrlSigner.Options.FromDuration(Lifetime)
        .WithSigningVersion(SigningVersion.V4).WithUrlStyle(UrlSigner.UrlStyle.PathStyle)
        .WithScheme(options.Endpoint.Scheme).WithHost(options.Endpoint.Host)
        .WithPort(options.Endpoint.IsDefaultPort ? null : options.Endpoint.Port);
}
