using System.Text.RegularExpressions;

namespace Iga.Tests.Architecture;

/// <summary>One source file, read as text: enough to tell which types it declares and which it names.</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path, string folder, string rootNamespace)
    {
        Path = System.IO.Path.GetRelativePath(Sources.Root, path);
        Folder = folder;
        Code = CommentsAndTexts().Replace(File.ReadAllText(path), match => match.Value.StartsWith('/') ? " " : "\"\"");
        WithTexts = CommentsAndTexts().Replace(File.ReadAllText(path), match => match.Value.StartsWith('/') ? " " : match.Value);
        ExpectedNamespace = folder.Length == 0 ? rootNamespace : $"{rootNamespace}.{folder.Replace('/', '.')}";
        Namespace = NamespaceLine().Match(Code) is { Success: true } line ? line.Groups[1].Value : null;
    }

    public string Path { get; }

    /// <summary>Within its project, with slashes; empty at the top.</summary>
    public string Folder { get; }

    /// <summary>Without comments and what stands in string literals.</summary>
    public string Code { get; }

    /// <summary>Without comments.</summary>
    public string WithTexts { get; }

    public string ExpectedNamespace { get; }

    /// <summary>Null where the file declares none: a program's top-level statements.</summary>
    public string? Namespace { get; }

    /// <summary>The full names of the types that stand at the top level of the file.</summary>
    public IEnumerable<string> Types => Declaration().Matches(Code).Select(match => $"{Namespace}.{match.Groups[1].Value}");

    /// <summary>The namespaces and types of its using directives.</summary>
    public IEnumerable<string> Usings => UsingLine().Matches(Code).Select(match => match.Groups[1].Value);

    /// <summary>The names in the code, dotted ones whole.</summary>
    public IEnumerable<string> Names => Name().Matches(Line().Replace(Code, "")).Select(match => match.Value).Distinct();

    public static IEnumerable<SourceFile> Of(string project)
    {
        var root = System.IO.Path.Combine(Sources.Root, project);
        var settings = File.ReadAllText(Directory.EnumerateFiles(root, "*.csproj").Single());
        var rootNamespace = RootNamespace().Match(settings).Groups[1].Value;
        return Sources.Of(project).Select(path => new SourceFile(
            path, System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!).Replace('\\', '/').TrimStart('.'),
            rootNamespace));
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|("{3,}).*?\1|\$?@\$?"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\[^\n]+?)'""", RegexOptions.Singleline)]
    private static partial Regex CommentsAndTexts();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"^(?:using|global using|namespace) [^\n]*", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly)\s+)*(?:class|record struct|record|struct|interface|enum)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*(?:\.[A-Z]\w*)*")]
    private static partial Regex Name();

    [GeneratedRegex("<RootNamespace>(.+?)</RootNamespace>")]
    private static partial Regex RootNamespace();
}
