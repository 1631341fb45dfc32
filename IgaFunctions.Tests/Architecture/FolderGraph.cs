namespace Iga.Tests.Architecture;

/// <summary>Which folders of the app and of the local host use which others, as the code names them.</summary>
internal sealed class FolderGraph
{
    private readonly Dictionary<string, string> _folderOfType;
    private readonly Dictionary<string, string> _folderOfNamespace;
    private readonly List<(SourceFile File, string Folder)> _files;

    public FolderGraph()
    {
        _files =
        [
            .. SourceFile.Of("IgaFunctions").Select(file => (file, file.Folder)),
            .. SourceFile.Of("IgaFunctions.LocalHost").Select(file => (file, $"LocalHost/{file.Folder}".TrimEnd('/'))),
        ];
        _folderOfType = _files.SelectMany(entry => entry.File.Types.Select(type => (type, entry.Folder)))
            .DistinctBy(entry => entry.type).ToDictionary(entry => entry.type, entry => entry.Folder);
        _folderOfNamespace = _files.DistinctBy(entry => entry.File.ExpectedNamespace)
            .ToDictionary(entry => entry.File.ExpectedNamespace, entry => entry.Folder);
    }

    /// <summary>All folders: the app's by their names, the local host's after <c>LocalHost/</c>.</summary>
    public IEnumerable<string> Folders => _files.Select(entry => entry.Folder).Distinct();

    /// <summary>Every use of one folder by a file of another.</summary>
    public IEnumerable<(string From, string To, string Where)> Uses =>
        from entry in _files
        from used in UsedBy(entry.File)
        where used.Folder != entry.Folder
        select (entry.Folder, used.Folder, $"{entry.File.Path} names {used.Name}");

    private IEnumerable<(string Folder, string Name)> UsedBy(SourceFile file)
    {
        foreach (var used in file.Usings)
        {
            // «using static» and aliases name a type.
            if (_folderOfNamespace.TryGetValue(used, out var folder) || _folderOfType.TryGetValue(used, out folder))
            {
                yield return (folder, used);
            }
        }

        foreach (var name in file.Names)
        {
            if (Resolve(name, file.ExpectedNamespace) is { } folder)
            {
                yield return (folder, name);
            }
        }
    }

    /// <summary>
    /// Finds a name as the compiler does that knows no using directives: in the file's namespace, then in those around it. (A
    /// type of a namespace that is imported needs no look: its directive was counted.)
    /// </summary>
    private string? Resolve(string name, string from)
    {
        var parts = name.Split('.');
        for (var around = from; ; around = around[..around.LastIndexOf('.')])
        {
            for (var length = 1; length <= parts.Length; length++)
            {
                if (_folderOfType.TryGetValue($"{around}.{string.Join('.', parts[..length])}", out var folder))
                {
                    return folder;
                }
            }

            if (!around.Contains('.'))
            {
                return _folderOfType.GetValueOrDefault(name)
                    ?? (parts.Length > 1 ? _folderOfType.GetValueOrDefault(string.Join('.', parts[..^1])) : null);
            }
        }
    }
}
