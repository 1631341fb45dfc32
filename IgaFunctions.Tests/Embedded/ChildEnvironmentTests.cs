using System.Text.RegularExpressions;
using Iga.Embedded;
using Iga.Tests.Architecture;
using Iga.Tests.Security;

namespace Iga.Tests.Embedded;

/// <summary>Children of the service get the variables that they need, and none of its secrets.</summary>
public sealed partial class ChildEnvironmentTests
{
    private static readonly string[] Products =
        ["IgaFunctions", "IgaFunctions.AzureHost", "IgaFunctions.Connections", "IgaFunctions.Embedded", "IgaFunctions.Emulators", "IgaFunctions.LocalHost"];

    [Fact]
    public async Task The_secrets_of_the_service_are_not_in_the_environment_of_its_postgres()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc tells it");
        using var folder = new TemporaryFolder();
        await using var service = ServiceProcess.Start(new Dictionary<string, string?>
        {
            ["IGA_PORT"] = "0",
            ["IGA_LOCAL_DIR"] = folder[".local"],
            ["IGA_API_KEYS"] = Secret,
            ["SOMEBODYS_PASSWORD"] = Secret,
            ["PGPASSWORD"] = Secret,
        });
        await service.ReadyAsync();
        var file = Directory.EnumerateFiles(folder[".local"], "postmaster.pid", SearchOption.AllDirectories).Single();

        var postmaster = (await File.ReadAllLinesAsync(file))[0];
        var environment = await File.ReadAllTextAsync($"/proc/{postmaster}/environ");

        Assert.Contains("LC_ALL=C\0", environment, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, environment, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/bin/npm", "HOME HTTPS_PROXY LC_ALL NODE_EXTRA_CA_CERTS PATH TZ no_proxy npm_config_registry")]
    [InlineData("/usr/lib/postgresql/17/bin/postgres", "HOME LC_ALL PATH TZ")]
    [InlineData("setpriv", "HOME LC_ALL PATH TZ")]
    public void A_program_gets_what_it_needs(string program, string names)
    {
        var environment = new[]
        {
            "PATH", "HOME", "TZ", "HTTPS_PROXY", "no_proxy", "NODE_EXTRA_CA_CERTS", "npm_config_registry", "PGOPTIONS", "IGA_API_KEYS",
            "POSTGRES_PASSWORD", "GOOGLE_APPLICATION_CREDENTIALS", "LD_PRELOAD", "NOTIFY_SOCKET", "DOTNET_STARTUP_HOOKS",
        }.ToDictionary(name => name, name => (string?)"set");

        ChildEnvironment.Reduce(environment, program);

        Assert.Equal(names.Split(' '), environment.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Processes_are_started_in_one_place() => Assert.Equal(
        ["IgaFunctions.Embedded/ChildProcess.cs"],
        Products.SelectMany(SourceFile.Of).Where(file => Starting().IsMatch(file.Code)).Select(file => file.Path));

    private static string Secret { get; } = $"secret-{Guid.NewGuid():N}";

    [GeneratedRegex(@"\bProcessStartInfo\b|(?<!Child)Process\.Start\b|new Process\b")]
    private static partial Regex Starting();
}
