using System.Net;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Tests.Models;

namespace Iga.Tests.GoogleCloud;

/// <summary>Asks for the authorization of a request, with credentials that the test makes up.</summary>
public abstract class AuthorizationSuite
{
    private protected TestTime Time { get; } = new();

    /// <summary>The library asks Google for a token through this client, and Google answers so.</summary>
    private protected ApplicationDefaultAuthorization Answering(HttpStatusCode status, string body, Task? after = null) =>
        new(_ => Task.FromResult(AnswerFactory.Credential(status, body, after)), Time);

    private protected static (string Kind, bool IsTransient) Kind(FailureException failure) => (failure.Kind, failure.IsTransient);

    private protected static async Task<string> TokenAsync(ApplicationDefaultAuthorization authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
        await authorization.AuthorizeAsync(request, Dependency.Model, CancellationToken.None);
        return request.Headers.Authorization!.Parameter!;
    }

    private protected static async Task<FailureException> FailAsync(ApplicationDefaultAuthorization authorization, Dependency dependency)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://example.test/");
        return await Assert.ThrowsAsync<FailureException>(
            () => authorization.AuthorizeAsync(request, dependency, CancellationToken.None));
    }
}
