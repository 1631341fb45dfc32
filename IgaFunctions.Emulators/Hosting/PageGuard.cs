using System.Net;

namespace Iga.Emulators.Hosting;

/// <summary>
/// Keeps web pages away. An emulator asks for no credentials, so a page in a browser on this machine could read prompts and empty buckets:
/// under a name of its own that it has resolve to 127.0.0.1, or by a POST whose answer it need not read.
/// </summary>
/// <param name="allowedHosts">Names in <c>Host</c> that are answered, besides localhost and addresses.</param>
internal sealed class PageGuard(IReadOnlyCollection<string> allowedHosts)
{
    /// <exception cref="ApiException">421 for a foreign host; 403 for a page that wants to change something.</exception>
    public void Check(HttpRequest request)
    {
        // No Host at all: an old client, but no browser.
        if (request.Host.HasValue && !IsOurs(request.Host.Host.TrimEnd('.')))
        {
            throw new ApiException(421, "misdirectedRequest",
                $"The emulator does not answer for the host {request.Host.Host}: only for localhost, addresses, and those named with --allow-host.");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsOfForeignPage(request))
        {
            throw new ApiException(403, message: "The emulator takes no requests of web pages of another origin.");
        }
    }

    private bool IsOurs(string host) =>
        IPAddress.TryParse(host, out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || allowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    // Browsers send these two, and scripts in a page can't change them.
    private static bool IsOfForeignPage(HttpRequest request) => request.Headers.TryGetValue("Sec-Fetch-Site", out var site)
        ? site is not ["same-origin" or "none"]
        : request.Headers.Origin is { Count: > 0 } origin
            && !(origin is [{ } page] && page.Equals($"http://{request.Host}", StringComparison.OrdinalIgnoreCase));
}
