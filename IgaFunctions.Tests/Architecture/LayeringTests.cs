using System.Text.RegularExpressions;

namespace Iga.Tests.Architecture;

/// <summary>Dependencies point one way, in the app and in the local host: see <see cref="Layers"/>.</summary>
public sealed partial class LayeringTests
{
    private static readonly FolderGraph Graph = new();

    public static TheoryData<string> Projects =>
    [
        .. Directory.EnumerateFiles(Sources.Root, "*.csproj", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(file => Path.GetRelativePath(Sources.Root, Path.GetDirectoryName(file)!)).Order(),
    ];

    [Fact]
    public void Every_folder_has_its_place_in_the_table()
    {
        Assert.Empty(Graph.Folders.Except(Layers.CompositionRoots).Except(Layers.Table.Keys));
    }

    [Fact]
    public void Each_folder_uses_only_what_lies_below_it()
    {
        Assert.Empty(Graph.Uses
            .Where(use => !IsAllowed(use.From, use.To))
            .Select(use => use.Where));
    }

    [Fact]
    public void The_table_has_no_circle()
    {
        // What uses nothing that is left is taken away, again and again; what remains goes round in a circle.
        var left = Layers.Table.ToDictionary();
        while (left.FirstOrDefault(row => !row.Value.Any(left.ContainsKey)) is { Key: { } free })
        {
            left.Remove(free);
        }

        Assert.Empty(left.Keys);
    }

    [Fact]
    public void The_local_host_speaks_SQL_in_the_store_the_migrations_and_the_doctor_only()
    {
        string[] mayNameNpgsql = ["Durable/Store", "Migrations", "Host", "Doctor"];
        string[] mayHoldSql = ["Durable/Store", "Migrations", "Doctor"]; // the doctor asks the database about itself
        var files = SourceFile.Of("IgaFunctions.LocalHost").ToArray();

        Assert.Empty(files.Where(file => !mayNameNpgsql.Contains(file.Folder) && NpgsqlName().IsMatch(file.Code)).Select(file => file.Path));
        Assert.Empty(files.Where(file => !mayHoldSql.Contains(file.Folder) && Sql().IsMatch(file.WithTexts)).Select(file => file.Path));
        Assert.Contains(files, file => NpgsqlName().IsMatch(file.Code) && Sql().IsMatch(file.WithTexts));
    }

    [Fact]
    public void The_engine_has_no_timers_loops_or_threads_of_its_own()
    {
        Assert.Empty(SourceFile.Of("IgaFunctions.LocalHost")
            .Where(file => file.Folder == "Durable/Engine" && Background().IsMatch(file.Code)).Select(file => file.Path));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_namespace_is_its_folder(string project)
    {
        Assert.Empty(SourceFile.Of(project)
            .Where(file => file.Namespace is not null && file.Namespace != file.ExpectedNamespace)
            .Select(file => $"{file.Path}: {file.Namespace}"));
    }

    private static bool IsAllowed(string from, string to) => Layers.CompositionRoots.Contains(from)
        || (Layers.Table.TryGetValue(from, out var allowed) && allowed.Contains(to));

    [GeneratedRegex(@"\bNpgsql\w*")]
    private static partial Regex NpgsqlName();

    [GeneratedRegex(@"\b(?:insert\s+into|delete\s+from|update\s+\w+(?:\.\w+)?\s+(?:\w+\s+)?set|select\s[^;]{0,200}?\sfrom)\s", RegexOptions.IgnoreCase)]
    private static partial Regex Sql();

    [GeneratedRegex(@"\b(?:ThreadPool|PeriodicTimer|ITimer|System\.Threading\.Timer|Task\.Run|Task\.Delay|Thread\s*\(|new\s+Thread|CreateTimer\s*\(\s*static)\b")]
    private static partial Regex Background();
}
