using System.Net;
using Iga.Webhooks;

namespace Iga.Tests.Webhooks;

/// <summary>Says what a name leads to: each look-up another list, the last one from then on.</summary>
/// <param name="isLoopbackAllowed">Whether this machine counts as the Internet.</param>
internal sealed class NameService(bool isLoopbackAllowed, params string[][] lists) : CheckedConnector
{
    public List<string> Asked { get; } = [];

    protected override Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        var list = lists[Math.Min(Asked.Count, lists.Length - 1)];
        Asked.Add(host);
        return Task.FromResult(Array.ConvertAll(list, IPAddress.Parse));
    }

    protected override bool IsAllowed(IPAddress address) => (isLoopbackAllowed && IPAddress.IsLoopback(address)) || base.IsAllowed(address);
}
