using System.Text.Json;
using Iga.LocalHost.Host;
using Iga.Tests.Architecture;

namespace Iga.Tests.Deployment;

/// <summary>What the compose file says of its services agrees with itself, with the images and with the programs in them.</summary>
public sealed class ComposeFileTests
{
    private const string RunsOnce = "migrate";

    public static TheoryData<string> Services => [.. ComposeFile.Services.Keys];

    [Theory]
    [MemberData(nameof(Services))]
    public void A_service_is_asked_whether_it_is_well_and_others_wait_until_it_is(string name)
    {
        var service = ComposeFile.Services[name];

        Assert.Equal(name != RunsOnce, service.HealthCheck.Length > 0);
        Assert.All(
            ComposeFile.Services.Values.Where(other => other.DependsOn.ContainsKey(name)),
            other => Assert.Equal(name == RunsOnce ? "service_completed_successfully" : "service_healthy", other.DependsOn[name]));
        if (service.SharesNetworkOf is { } holder && service.Command.Length == 0)
        {
            Assert.Contains(holder, service.DependsOn.Keys);
        }
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void A_port_is_published_on_loopback_alone_and_leads_to_one_that_an_image_listens_on(string name) => Assert.All(
        ComposeFile.Services[name].Ports, port =>
        {
            Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal);
            Assert.Contains(port.Split(':')[^1], ComposeFile.Services.Values
                .Where(one => one.SharesNetworkOf == name).SelectMany(one => one.Dockerfile!.Ports));
        });

    [Theory]
    [MemberData(nameof(Services))]
    public void What_a_service_writes_is_kept_in_a_volume_that_its_user_may_write_and_that_nobody_else_has(string name)
    {
        var service = ComposeFile.Services[name];
        foreach (var (from, to) in service.Volumes.Where(volume => !volume.From.StartsWith('.')))
        {
            Assert.Contains(from, ComposeFile.Volumes);
            Assert.Single(ComposeFile.Services.Values, other => other.Volumes.Any(volume => volume.From == from));
            Assert.True(service.Dockerfile?.GivesToItsUser(to) ?? true, to);
        }

        // Where a file is mounted, the folder that it is in would be root's if the image had none.
        foreach (var (from, to) in service.Volumes.Where(volume => volume.From.StartsWith('.')))
        {
            Assert.True(File.Exists(Path.Combine(Sources.Root, "deploy", from)), from);
            Assert.Contains($"mkdir -p {Path.GetDirectoryName(to)} ", File.ReadAllText(Path.Combine(Sources.Root, "deploy", "Dockerfile.functions")), StringComparison.Ordinal);
        }

        string[] written = [.. service.Command.SkipWhile(argument => argument != "--data").Skip(1).Take(1),
            .. name == "localhost" ? [service.Environment["IGA_STAGING_DIR"]!] : Array.Empty<string>()];
        Assert.Subset(service.Volumes.Select(volume => volume.To).ToHashSet(), written.ToHashSet());
    }

    [Fact]
    public void Every_volume_is_used() => Assert.Equal(
        ComposeFile.Volumes.Order(),
        ComposeFile.Services.Values.SelectMany(service => service.Volumes).Select(volume => volume.From).Where(from => !from.StartsWith('.')).Order());

    [Fact]
    public void A_service_is_given_longer_than_its_stop_takes()
    {
        var local = ComposeFile.Services["localhost"];
        Assert.True(LocalService.LongestStop(HostConfiguration.Check(Containers.Configuration(local)).Host) < local.StopGracePeriod);

        // What holds data or tasks is not killed after Docker's own 10 s.
        Assert.All(["postgres", "functions-postgres", "functions"], name =>
            Assert.True(ComposeFile.Services[name].StopGracePeriod > TimeSpan.FromSeconds(10), name));
    }

    [Theory]
    [InlineData("localhost", "postgres")]
    [InlineData("migrate", "functions-postgres")]
    [InlineData("functions", "functions-postgres")]
    public void A_database_is_addressed_as_it_is_set_up_and_the_two_hosts_have_one_each(string name, string database)
    {
        var server = ComposeFile.Services[database].Environment;

        Assert.Equal(
            $"postgresql://{server["POSTGRES_USER"]}:{server["POSTGRES_PASSWORD"]}@{database}:5432/{server["POSTGRES_DB"]}",
            ComposeFile.Services[name].Environment["IGA_POSTGRES_DB_URL"]);
    }

    [Fact]
    public void The_functions_host_is_given_the_key_that_callers_send_and_needs_to_write_no_other()
    {
        using var keys = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "deploy", "development-keys.json")));
        var callers = Assert.Single(keys.RootElement.GetProperty("functionKeys").EnumerateArray());

        Assert.Equal(Containers.Key, callers.GetProperty("value").GetString());
        Assert.Equal($"try:{Containers.Key}", ComposeFile.Services["functions"].Environment["IGA_API_KEYS"]);

        // Durable Functions' own API has a key of the system's, which the host would else make and write into the file.
        Assert.Equal(["durabletask_extension"], keys.RootElement.GetProperty("systemKeys").EnumerateArray().Select(key => key.GetProperty("name").GetString()));
        Assert.DoesNotContain("\"encrypted\": true", keys.RootElement.GetRawText(), StringComparison.Ordinal);
    }
}
