using Iga.Faults;
using Iga.LocalHost.Google;

namespace Iga.Tests.Imaging.Vertex;

/// <summary>Fails whoever asks for credentials.</summary>
internal sealed class NoAuthorization : ICallAuthorization
{
    public Task AuthorizeAsync(HttpRequestMessage request, Dependency dependency, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("credentials were asked for");
}
