namespace Iga.LocalHost.Functions.Http;

/// <summary>How functions are reached by HTTP.</summary>
/// <param name="RoutePrefix">What all routes begin with, without slashes at its ends; may be empty.</param>
/// <param name="ApiKeys">One of these is needed for functions that are not anonymous; none given means no key is needed.</param>
internal sealed record HttpFunctionOptions(string RoutePrefix, IReadOnlyCollection<string> ApiKeys)
{
    /// <summary>The names that the functions are reached by, besides localhost and addresses: see <see cref="Http.AllowedHosts"/>.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];
}
