using System.Net;
using System.Security.Cryptography;
using Google.Apis.Auth.OAuth2;

namespace Iga.Tests.GoogleCloud;

/// <summary>Gives Google's library a connection on which every request gets the same answer.</summary>
internal sealed class AnswerFactory(HttpStatusCode status, string body, Task after) : Google.Apis.Http.HttpClientFactory
{
    private static readonly RSA Key = RSA.Create(2048);

    /// <returns>A service account that asks for its tokens on such a connection, and does not repeat itself.</returns>
    public static GoogleCredential Credential(HttpStatusCode status, string body, Task? after = null) =>
        GoogleCredential.FromServiceAccountCredential(new(new("a@example.test")
        {
            HttpClientFactory = new AnswerFactory(status, body, after ?? Task.CompletedTask),
            DefaultExponentialBackOffPolicy = Google.Apis.Http.ExponentialBackOffPolicy.None,
            Key = Key,
        }));

    protected override HttpMessageHandler CreateHandler(Google.Apis.Http.CreateHttpClientArgs args) => new Handler(status, body, after);

    private sealed class Handler(HttpStatusCode status, string body, Task after) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await after.WaitAsync(cancellationToken);
            return new(status) { RequestMessage = request, Content = new StringContent(body) };
        }
    }
}
