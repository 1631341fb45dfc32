using System.Text.Json;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;

namespace Iga.Tests.Deployment;

/// <summary>The containers can't be built by the tests, but what they are built from is there.</summary>
public sealed partial class DeploymentTests
{
    public static TheoryData<string> Dockerfiles =>
        [.. Directory.EnumerateFiles(Path.Combine(Sources.Root, "deploy"), "Dockerfile.*").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void A_dockerfile_copies_what_exists_and_all_that_the_published_project_is_made_from(string dockerfile)
    {
        var text = File.ReadAllText(Path.Combine(Sources.Root, "deploy", dockerfile));
        var copied = Copy().Matches(text).SelectMany(copy => copy.Groups[1].Value.Split(' ')).Select(path => path.TrimEnd('/')).ToArray();
        var published = Publish().Match(text).Groups[1].Value;

        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Sources.Root, path)), path));
        Assert.True(File.Exists(Path.Combine(Sources.Root, published)), published);
        Assert.Empty(ProjectsOf(Path.Combine(Sources.Root, published)).SelectMany(PathsOf)
            .Except(PathsUnder(copied)).Except(["local.settings.json"])); // which is there on a developer's machine only
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void A_container_is_built_from_images_and_packages_that_are_pinned_and_does_not_run_as_root(string dockerfile)
    {
        var lines = File.ReadAllLines(Path.Combine(Sources.Root, "deploy", dockerfile));
        var lastStage = lines.SkipWhile(line => !line.StartsWith("FROM ", StringComparison.Ordinal) || line.EndsWith(" AS build", StringComparison.Ordinal));

        Assert.All(lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)), line => Assert.Matches(PinnedImage(), line));
        Assert.Contains(lines, line => line.Contains("-p:RestoreLockedMode=true", StringComparison.Ordinal));
        Assert.Contains(lastStage, line => line is "USER app" or "USER $APP_UID");
    }

    [Fact]
    public void The_images_of_the_compose_file_are_pinned() => Assert.All(
        File.ReadAllLines(Path.Combine(Sources.Root, "deploy", "compose.yaml"))
            .Where(line => line.TrimStart().StartsWith("image: ", StringComparison.Ordinal)),
        line => Assert.Matches(PinnedImage(), line));

    [Fact]
    public void The_platforms_own_page_is_off_wherever_the_app_is_set_up()
    {
        using var example = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "local.settings.json.example")));

        Assert.Equal("true", example.RootElement.GetProperty("Values").GetProperty("AzureWebJobsDisableHomepage").GetString());
        Assert.Contains(
            "AzureWebJobsDisableHomepage=true", File.ReadAllText(Path.Combine(Sources.Root, "deploy", "Dockerfile.functions")),
            StringComparison.Ordinal);
    }

    /// <summary>Without it, Durable Functions gives no function its client: every POST and poll would be 500.</summary>
    [Fact]
    public void The_container_names_the_address_that_durable_functions_asks_for() => Assert.Contains(
        "WEBSITE_HOSTNAME=localhost:8080", File.ReadAllText(Path.Combine(Sources.Root, "deploy", "Dockerfile.functions")),
        StringComparison.Ordinal);

    /// <returns>The project's file, and those of all that it refers to.</returns>
    private static IEnumerable<string> ProjectsOf(string project) => Reference().Matches(File.ReadAllText(project))
        .SelectMany(reference => ProjectsOf(Path.GetFullPath(reference.Groups[1].Value, Path.GetDirectoryName(project)!)))
        .Prepend(project);

    /// <returns>The project's file, and what it takes from outside of its folder; from the top folder on.</returns>
    private static IEnumerable<string> PathsOf(string project) => Outside().Matches(File.ReadAllText(project))
        .Select(match => Path.GetFullPath(match.Groups[1].Value, Path.GetDirectoryName(project)!))
        .Prepend(project)
        .Select(path => Path.GetRelativePath(Sources.Root, path));

    private static IEnumerable<string> PathsUnder(IEnumerable<string> copied) => copied
        .SelectMany(path => Directory.Exists(Path.Combine(Sources.Root, path))
            ? Directory.EnumerateFiles(Path.Combine(Sources.Root, path), "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Sources.Root, file)).Prepend(path)
            : [path]);

    [GeneratedRegex(@"@sha256:[0-9a-f]{64}\b")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex Publish();

    // A pattern such as ../migrations/*.sql stands for its folder.
    [GeneratedRegex("<(?:EmbeddedResource|Content|Compile|None) Include=\"(\\.\\./[^\"*]+?)/?(?:\\*[^\"]*)?\"")]
    private static partial Regex Outside();

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex Reference();
}
