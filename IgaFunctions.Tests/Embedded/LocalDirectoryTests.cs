using Iga.Embedded;

namespace Iga.Tests.Embedded;

public sealed class LocalDirectoryTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void It_lies_beside_the_solution_whatever_the_current_directory(string? configured)
    {
        var found = LocalDirectory.Resolve(configured);

        Assert.Equal(".local", Path.GetFileName(found));
        Assert.True(File.Exists(Path.Combine(found, "..", "Iga.Functions.sln")));
    }

    [Fact]
    public void A_configured_folder_is_taken_as_it_is()
    {
        Assert.Equal(Path.GetFullPath("somewhere/else"), LocalDirectory.Resolve("somewhere/else"));
        Assert.Equal("/var/tmp/iga", LocalDirectory.Resolve("/var/tmp/iga"));
    }

    [Fact]
    public void The_project_is_where_both_landmarks_lie()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["clone", "host", "bin"]);
        File.WriteAllText(folder["clone", "Iga.Functions.sln"], "");
        File.WriteAllText(folder["clone", "host", "host.json"], "{}"); // a copy in a project's folder

        Assert.Null(LocalDirectory.ProjectRoot(folder["clone", "host", "bin"]));

        File.WriteAllText(folder["clone", "host.json"], "{}");
        Assert.Equal(folder["clone"], LocalDirectory.ProjectRoot(folder["clone", "host", "bin"]));
    }
}
