using System.Collections.Frozen;
using Iga.Http;

namespace Iga.Page;

/// <summary>
/// The files of the page, as they are embedded in the app. The browser is told to take nothing but the service's own files, to run no
/// script that came as text, and to show the page in no frame: whatever a prompt or an error message holds, it stays text.
/// </summary>
internal static class PageAssets
{
    public const string PageName = "index.html";

    /// <summary>What names of the files begin with among the app's resources.</summary>
    private const string Folder = "page/";

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static readonly FrozenDictionary<string, StaticFile> ByName = typeof(PageAssets).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Folder.Length..], StaticFile.Embedded, StringComparer.Ordinal);

    /// <returns>Null where there is no such file.</returns>
    public static IResult? Answer(HttpResponse response, string name)
    {
        if (!ByName.TryGetValue(name, out var file))
        {
            return null;
        }

        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return file.Answer(response);
    }
}
