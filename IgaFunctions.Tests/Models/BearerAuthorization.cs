using Iga.Faults;
using Iga.GoogleCloud;

namespace Iga.Tests.Models;

/// <summary>Sends a made-up token.</summary>
internal sealed class BearerAuthorization : ICallAuthorization
{
    public Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new("Bearer", $"for-{dependency.Name}");
        return Task.CompletedTask;
    }

    public void Drop(string token) => throw new InvalidOperationException("credentials were dropped");
}
