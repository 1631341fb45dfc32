using System.Text;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The file that a picture is saved as: that which was asked for and no other, or one with a name made from the prompt.</summary>
internal sealed class PictureFile : IDisposable
{
    private const int LongestName = 255;

    private static readonly Dictionary<string, string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "png",
        [".jpg"] = "jpeg",
        [".jpeg"] = "jpeg",
    };

    private readonly GenerateArguments _arguments;
    private readonly string _folder;

    /// <summary>Null where the name is made from the prompt.</summary>
    private readonly string? _path;

    /// <param name="defaultFolder">For a picture without <c>--out</c>; it need not exist yet.</param>
    public PictureFile(GenerateArguments arguments, string defaultFolder)
    {
        _arguments = arguments;
        _folder = defaultFolder;
        if (arguments.OutFile is { } wanted && !string.IsNullOrWhiteSpace(wanted))
        {
            var path = Path.GetFullPath(wanted);
            var isFolder = Directory.Exists(path) || Path.EndsInDirectorySeparator(path);
            _folder = isFolder ? path : Path.GetDirectoryName(path)!;
            _path = isFolder ? null : path;
        }

        Partial = Path.Combine(_folder, $".{Guid.NewGuid():N}.part");
    }

    /// <summary>What the picture is downloaded to, before it gets its name.</summary>
    public string Partial { get; }

    /// <returns>What to ask the model for, as <c>--output-format</c> has it: what that says, or what the file's extension says.</returns>
    public string? OutputFormat => _arguments.OutputFormat
        ?? (FormatOfName() is { } format and not "png" ? format : null); // png is what the service takes by itself

    /// <summary>Looks whether the picture can be saved there, before it is paid for.</summary>
    /// <returns>What is wrong with <c>--out</c>, or null.</returns>
    public string? FindProblem()
    {
        if (_arguments.OutFile is not { } wanted)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(wanted))
        {
            return "--out needs the name of a file or a folder.";
        }

        if (_path is not null && FindProblemOfName(wanted) is { } problem)
        {
            return problem;
        }

        if (!Directory.Exists(_folder))
        {
            return $"--out {wanted}: there is no folder {_folder}; make it first.";
        }

        try
        {
            MakeSureOfFolder();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"--out {wanted}: the folder {_folder} can't be written to: {Explain(exception)}";
        }
    }

    /// <summary>Makes sure that the folder, which has to be there, can be written to.</summary>
    /// <exception cref="IOException">It can't.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't.</exception>
    public void MakeSureOfFolder()
    {
        File.WriteAllBytes(Partial, []);
        File.Delete(Partial);
    }

    /// <returns>What went wrong, without the name that the file has only while it is written.</returns>
    public string Explain(Exception exception) => exception.Message.Replace(Partial, _path ?? _folder, StringComparison.Ordinal);

    /// <summary>Gives the downloaded picture its name; one made from the prompt gets a number when it is taken.</summary>
    /// <param name="extension">For a name made from the prompt; with its dot.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="IOException">The file is there meanwhile.</exception>
    public string Keep(string extension)
    {
        if (_path is not null)
        {
            File.Move(Partial, _path, overwrite: _arguments.Force);
            return _path;
        }

        var name = PromptSlug.Of(_arguments.Prompt);
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

    public void Dispose()
    {
        if (File.Exists(Partial)) // to delete a file of a folder that is not there is an error
        {
            File.Delete(Partial);
        }
    }

    private string? FindProblemOfName(string wanted)
    {
        var extension = Path.GetExtension(_path!);
        var format = FormatOfName();
        return 0 switch
        {
            _ when extension.Length > 0 && format is null => $"--out {wanted}: the name must end in {string.Join(", ", Formats.Keys)}, or have no extension.",
            _ when format is not null && OutputFormat is { } asked && asked != format =>
                $"--out {wanted} is the name of a {format} picture, but --output-format asks for {asked}.",
            _ when Encoding.UTF8.GetByteCount(Path.GetFileName(_path!)) > LongestName => $"--out {wanted}: the name is too long for a file.",
            _ when _path!.StartsWith("/dev/", StringComparison.Ordinal) => $"--out {wanted} is no ordinary file.",
            _ when Path.Exists(_path) && !_arguments.Force => $"--out {wanted} is there already; --force overwrites it.",
            _ => null,
        };
    }

    private string? FormatOfName() => _path is null ? null : Formats.GetValueOrDefault(Path.GetExtension(_path));
}
