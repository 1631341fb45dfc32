using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Iga.Page;

/// <summary>The files of the page, as they are embedded in the app.</summary>
public sealed class PageAssets
{
    internal const string PageName = "index.html";

    /// <summary>What names of the files begin with among the app's resources.</summary>
    private const string Folder = "page/";

    private readonly FrozenDictionary<string, PageAsset> _byName = Read();

    /// <summary>The names of all.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <returns>Null if there is no such file.</returns>
    public PageAsset? Find(string name) => _byName.GetValueOrDefault(name);

    private static FrozenDictionary<string, PageAsset> Read()
    {
        var assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return new PageAsset(bytes, TypeOf(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
            }, StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"No content type is known for {other}, of {name}."),
    };
}
