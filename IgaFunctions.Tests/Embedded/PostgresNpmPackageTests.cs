using System.Text.Json;
using Iga.Embedded;

namespace Iga.Tests.Embedded;

public sealed class PostgresNpmPackageTests
{
    [Fact]
    public void Its_version_is_the_one_that_package_json_pins()
    {
        var root = LocalDirectory.ProjectRoot(AppContext.BaseDirectory)!;
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "package.json")));
        var pins = package.RootElement.GetProperty("optionalDependencies").EnumerateObject()
            .Where(pin => pin.Name.StartsWith("@embedded-postgres/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(pins);
        Assert.All(pins, pin => Assert.Equal(PostgresNpmPackage.Version, pin.Value.GetString()));
        Assert.StartsWith($"{PostgresNpmPackage.MajorVersion}.", PostgresNpmPackage.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Links_that_npm_left_out_are_restored()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["native", "lib"]);
        Directory.CreateDirectory(folder["native", "bin"]);
        File.WriteAllText(folder["native", "lib", "libpq.so.5.18"], "the library");
        File.WriteAllText(folder["native", "pg-symlinks.json"], """
            [{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}]
            """);

        PostgresNpmPackage.RestoreLinks(folder["native", "bin"]);
        PostgresNpmPackage.RestoreLinks(folder["native", "bin"]); // a second time changes nothing

        Assert.Equal("the library", File.ReadAllText(folder["native", "lib", "libpq.so.5"]));
        Assert.Equal("libpq.so.5.18", new FileInfo(folder["native", "lib", "libpq.so.5"]).LinkTarget);
    }

    [Fact]
    public async Task The_projects_own_package_serves()
    {
        var binaries = PostgresNpmPackage.Binaries(LocalDirectory.ProjectRoot(AppContext.BaseDirectory)!);
        Assert.SkipUnless(Directory.Exists(binaries), "the packages of package.json are not installed (npm ci)");
        using var folder = new TemporaryFolder();
        await using var postgres = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            BaseDirectory = folder[".local"],
            BinaryDirectories = [binaries],
            ServerSettings = new Dictionary<string, string> { ["fsync"] = "off" },
        });

        Assert.Equal("18", (await File.ReadAllTextAsync(Path.Combine(postgres.DataDirectory, "PG_VERSION"))).Trim());
    }
}
