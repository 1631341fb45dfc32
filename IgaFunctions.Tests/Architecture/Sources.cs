using Iga.Embedded;

namespace Iga.Tests.Architecture;

/// <summary>The project's own source files.</summary>
internal static class Sources
{
    public static string Root { get; } = LocalDirectory.ProjectRoot(AppContext.BaseDirectory)
        ?? throw new InvalidOperationException("The tests run inside the project's folder.");

    public static IEnumerable<string> Of(string project) => Directory
        .EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
