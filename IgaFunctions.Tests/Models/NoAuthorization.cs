using Iga.Faults;
using Iga.GoogleCloud;

namespace Iga.Tests.Models;

/// <summary>Fails whoever asks for credentials.</summary>
internal sealed class NoAuthorization : ICallAuthorization
{
    public Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("credentials were asked for");

    public void Drop(string token) => throw new InvalidOperationException("credentials were dropped");
}
