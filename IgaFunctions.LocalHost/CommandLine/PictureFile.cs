using System.Text;

namespace Iga.LocalHost.CommandLine;

/// <summary>The file that a picture is saved as. Nothing that exists is ever overwritten.</summary>
internal sealed class PictureFile : IDisposable
{
    private const int LongestName = 60;

    private readonly string _folder;
    private readonly string? _name;
    private readonly string _prompt;

    private PictureFile(string folder, string? name, string prompt)
    {
        (_folder, _name, _prompt) = (folder, name, prompt);
        Partial = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
    }

    /// <summary>What the picture is downloaded to, before it gets its name.</summary>
    public string Partial { get; }

    /// <summary>Makes sure that the place can be written to, before a picture is paid for.</summary>
    /// <param name="wanted">A file, or a folder that exists; null is the current folder.</param>
    /// <param name="prompt">What the name is made from when none is wanted.</param>
    /// <exception cref="IOException">The place can't be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The place can't be written to.</exception>
    public static PictureFile Reserve(string? wanted, string prompt)
    {
        var path = Path.GetFullPath(string.IsNullOrWhiteSpace(wanted) ? "." : wanted);
        var file = Directory.Exists(path)
            ? new PictureFile(path, null, prompt)
            : new PictureFile(Path.GetDirectoryName(path)!, Path.GetFileName(path), prompt);
        Directory.CreateDirectory(file._folder);
        File.WriteAllBytes(file.Partial, []);
        return file;
    }

    /// <summary>Gives the downloaded picture its name, or that name with a number when it is taken.</summary>
    /// <param name="extension">With its dot; what the wanted name has in its place wins.</param>
    /// <returns>The full path.</returns>
    public string Keep(string extension)
    {
        var name = _name ?? Slug(_prompt);
        if (_name is not null && Path.HasExtension(_name))
        {
            (name, extension) = (Path.GetFileNameWithoutExtension(_name), Path.GetExtension(_name));
        }

        for (var number = 1; ; number++)
        {
            var path = Path.Combine(_folder, number == 1 ? name + extension : $"{name}-{number}{extension}");
            try
            {
                File.Move(Partial, path);
                return path;
            }
            catch (IOException) when (Path.Exists(path) && number < 10_000)
            {
                // Taken, perhaps just now: the next number.
            }
        }
    }

    public void Dispose() => File.Delete(Partial);

    /// <returns>The prompt's letters and digits, in lower case, its words joined by hyphens; never empty.</returns>
    public static string Slug(string prompt)
    {
        var slug = new StringBuilder();
        foreach (var character in prompt.Normalize())
        {
            if (slug.Length >= LongestName)
            {
                break;
            }

            if (char.IsLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var name = slug.ToString();
        var lastWord = name.LastIndexOf('-');
        if (slug.Length >= LongestName && lastWord > LongestName / 2)
        {
            name = name[..lastWord]; // the last word was cut
        }

        return name.Trim('-') is { Length: > 0 } usable ? usable : "image";
    }
}
