using System.Net;
using System.Security.Cryptography;
using System.Text;
using Google.Apis.Auth.OAuth2;
using Iga.Bucket;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.GoogleCloud;

/// <summary>Addresses that are signed: what they are good for, and who signs them.</summary>
public sealed class SignedPictureUrlsTests
{
    private const string Account = "iga@test.iam.gserviceaccount.com";

    private static readonly StoredPicture Picture =
        new("a-bucket", "images/iga/iga_req_0123456789abcdef_fedcba9876543210.png", 1700000000000001, 5, "AAAAAA==", null);

    private static readonly RSA Key = RSA.Create(2048);

    private readonly TestTime _time = new();

    /// <summary>By what Google's documentation says of the canonical request, and the public key alone.</summary>
    [Theory]
    [InlineData("https://storage.googleapis.com/", "storage.googleapis.com")]
    [InlineData("https://storage.example.test/", "storage.example.test")]
    public async Task A_key_file_signs_for_GET_of_this_version_for_a_quarter_of_an_hour(string endpoint, string host)
    {
        var url = await UrlsOf(KeyFile(), new Uri(endpoint)).SignAsync(Picture, CancellationToken.None);

        Assert.Equal(("https", host, $"/a-bucket/{Picture.Name}"), (url!.Scheme, url.Authority, url.AbsolutePath));
        var pairs = url.Query[1..].Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Equal(
            ("GOOG4-RSA-SHA256", "900", "host", "1700000000000001", "image%2Fpng"),
            (pairs["X-Goog-Algorithm"], pairs["X-Goog-Expires"], pairs["X-Goog-SignedHeaders"], pairs["generation"], pairs["response-content-type"]));
        var date = pairs["X-Goog-Date"];
        Assert.Equal($"{Account}/{date[..8]}/auto/storage/goog4_request", Uri.UnescapeDataString(pairs["X-Goog-Credential"]));

        var query = string.Join("&", pairs.Where(pair => pair.Key != "X-Goog-Signature")
            .Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
        Assert.True(IsSigned("GET", pairs["X-Goog-Signature"]));
        Assert.False(IsSigned("PUT", pairs["X-Goog-Signature"]));

        bool IsSigned(string method, string signature)
        {
            var canonical = $"{method}\n{url.AbsolutePath}\n{query}\nhost:{host}\n\nhost\nUNSIGNED-PAYLOAD";
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
            return Key.VerifyData(
                Encoding.UTF8.GetBytes($"GOOG4-RSA-SHA256\n{date}\n{date[..8]}/auto/storage/goog4_request\n{hash}"),
                Convert.FromHexString(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    [Fact]
    public async Task IAM_signs_for_an_account_whose_key_is_not_here()
    {
        var url = await UrlsOf(Impersonated(HttpStatusCode.OK, """{"keyId":"1","signedBlob":"AAECAw=="}""")).SignAsync(Picture, default);

        Assert.EndsWith("X-Goog-Signature=00010203", url!.Query, StringComparison.Ordinal);
        Assert.Contains(Uri.EscapeDataString("signer@test.iam.gserviceaccount.com/"), url.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task An_account_that_may_not_sign_for_itself_can_not(HttpStatusCode status) =>
        Assert.Null(await UrlsOf(Impersonated(status, """{"error":{"code":403,"status":"PERMISSION_DENIED"}}""")).SignAsync(Picture, default));

    [Fact]
    public async Task Credentials_of_a_person_can_not_nor_can_none_at_all()
    {
        Assert.Null(await UrlsOf(GoogleCredential.FromAccessToken("a-token")).SignAsync(Picture, default));
        var none = new SignedPictureUrls(
            Google(StorageOptions.GoogleEndpoint), _ => Task.FromException<GoogleCredential>(new InvalidOperationException("none")),
            new RecordingObserver(), _time, NullLogger<SignedPictureUrls>.Instance);
        Assert.Null(await none.SignAsync(Picture, default));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    public async Task IAM_on_a_bad_day_is_asked_again_and_then_told_as_unavailable(HttpStatusCode status, string body)
    {
        var failure = await Assert.ThrowsAsync<FailureException>(() => UrlsOf(Impersonated(status, body)).SignAsync(Picture, default));

        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Equal(2, _time.ShortWaits.Count);
    }

    [Fact]
    public async Task IAM_that_does_not_answer_is_not_waited_for()
    {
        var silent = Impersonated(HttpStatusCode.OK, "{}", new TaskCompletionSource().Task);

        var signing = UrlsOf(silent).SignAsync(Picture, default);
        await Eventually.Async(() =>
        {
            _time.Advance(SignedPictureUrls.AttemptTimeout);
            return signing.IsCompleted;
        });

        var failure = await Assert.ThrowsAsync<FailureException>(() => signing);
        Assert.Equal((FailureKind.StorageUnavailable, true), (failure.Kind, failure.IsTransient));
    }

    [Fact]
    public async Task For_an_emulator_no_credentials_are_looked_for()
    {
        var urls = new SignedPictureUrls(
            Google(new Uri("http://127.0.0.1:9023/")), _ => throw new InvalidOperationException("looked for"), new RecordingObserver(), _time,
            NullLogger<SignedPictureUrls>.Instance);

        Assert.StartsWith("http://127.0.0.1:9023/a-bucket/images/iga/", (await urls.SignAsync(Picture, default))!.AbsoluteUri, StringComparison.Ordinal);
    }

    private SignedPictureUrls UrlsOf(GoogleCredential credential, Uri? endpoint = null) => new(
        Google(endpoint ?? StorageOptions.GoogleEndpoint), _ => Task.FromResult(credential), new RecordingObserver(), _time,
        NullLogger<SignedPictureUrls>.Instance);

    private static StorageOptions Google(Uri endpoint) => new("a-bucket", "images/iga/", endpoint);

    private static GoogleCredential KeyFile() => GoogleCredential.FromServiceAccountCredential(
        new(new ServiceAccountCredential.Initializer(Account) { Key = Key }));

    private static GoogleCredential Impersonated(HttpStatusCode status, string body, Task? after = null) =>
        AnswerFactory.Credential(HttpStatusCode.OK, """{"access_token":"a-token","expires_in":3600,"token_type":"Bearer"}""")
            .Impersonate(new ImpersonatedCredential.Initializer("signer@test.iam.gserviceaccount.com")
            {
                HttpClientFactory = new AnswerFactory(status, body, after ?? Task.CompletedTask),
            });
}
