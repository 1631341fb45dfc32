namespace Iga.Tests.OpenApi.Contract;

/// <summary>
/// Stands in the tests' HTTP clients and holds every answer of the service to its OpenAPI document. The test that made the request
/// fails with what is wrong.
/// </summary>
internal sealed class DocumentedAnswers : DelegatingHandler
{
    private DocumentedAnswers()
        : base(new HttpClientHandler())
    {
    }

    /// <returns>A client of a service.</returns>
    public static HttpClient Client(Uri address) =>
        new(new DocumentedAnswers()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri!;
        var method = request.Method.Method;
        var response = await base.SendAsync(request, cancellationToken);

        // Who follows a redirect hears of somebody else, the bucket.
        if (response.RequestMessage?.RequestUri?.Authority is { } authority && authority != asked.Authority)
        {
            return response;
        }

        // A stream or a picture is left to who asked for it.
        if (response.Content.Headers.ContentType?.MediaType == AnswerContract.Json)
        {
            await response.Content.LoadIntoBufferAsync(cancellationToken);
        }

        var wrong = await AnswerContract.Instance.FindWrongAsync(method, asked.AbsolutePath, response, cancellationToken);
        if (wrong is not null)
        {
            response.Dispose();
            Assert.Fail($"{method} {asked.AbsolutePath} is answered otherwise than /openapi.json says: {wrong}");
        }

        return response;
    }
}
