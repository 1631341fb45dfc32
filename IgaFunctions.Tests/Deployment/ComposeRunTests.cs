using Iga.Configuration;
using Iga.LocalHost.Host;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;
using Npgsql;

namespace Iga.Tests.Deployment;

/// <summary>What the compose file starts does start: the same programs with the same commands and variables, as processes of this machine.</summary>
public sealed class ComposeRunTests
{
    [Fact]
    public async Task The_local_host_is_well_and_makes_a_picture_that_the_bucket_keeps()
    {
        var (service, emulators) = (ComposeFile.Services["localhost"], ComposeFile.Services["localhost-emulators"]);
        await using var containers = new Containers();
        await containers.StartEmulatorsAsync(emulators);
        Assert.True(await containers.IsWellAsync(emulators));

        // With IGA_HOST=0.0.0.0, as in the container; what is started below listens on loopback.
        Assert.Equal("0.0.0.0", HostConfiguration.Check(Containers.Configuration(service)).Host.Host);
        Assert.EndsWith("/IgaFunctions.LocalHost.dll", $"/{service.Dockerfile!.EntryPoint[^1]}", StringComparison.Ordinal);
        await using var process = ServiceProcess.Start(
            containers.VariablesOf(service, await TestCluster.CreateDatabaseAsync()), service.Command);
        var address = await process.ReadyAsync();
        containers.Ports["5007"] = address.Port;
        Assert.True(await containers.IsWellAsync(service));

        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("x-functions-key", Containers.Key);
        var task = await client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse" });

        Assert.Equal("SUCCESS", task.GetProperty("status").GetString());
        Assert.NotEmpty(Directory.EnumerateFiles(containers.Data, "*", SearchOption.AllDirectories));

        Assert.Equal(0, await process.StopAsync());
        Assert.False(await containers.IsWellAsync(service));
    }

    [Fact]
    public async Task A_service_that_answers_that_it_is_not_ready_counts_as_sick()
    {
        await using var containers = new Containers();
        var service = ComposeFile.Services["localhost"];
        await using var other = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        containers.Ports["5007"] = other.Address.Port;

        Assert.False(await containers.IsWellAsync(service));
    }

    [Fact]
    public async Task The_migrations_are_applied_with_what_the_container_is_given()
    {
        var service = ComposeFile.Services["migrate"];
        var database = await TestCluster.CreateDatabaseAsync();
        var variables = service.Environment;
        variables["IGA_POSTGRES_DB_URL"] = database; // the only one that is another here: nothing is served

        await using var process = ServiceProcess.Start(variables, service.Command);

        Assert.True(await process.WaitForExitAsync() == 0, string.Join('\n', process.Errors));
        await using var source = NpgsqlDataSource.Create(database);
        Assert.Equal(0L, await source.ScalarAsync<long>("select count(*) from idempotency_keys"));
    }

    [Fact]
    public void The_functions_app_takes_what_its_container_is_given()
    {
        var settings = new Settings(Containers.Configuration(ComposeFile.Services["functions"]));
        var options = IgaOptionsReader.Read(settings);

        settings.ThrowIfInvalid();
        Assert.Equal("UseDevelopmentStorage=true", options.Staging.BlobConnectionString);
        Assert.True(options.ApiKeys.AreConfigured);
    }

    [Fact]
    public async Task The_emulators_of_the_functions_host_start_by_their_command()
    {
        var service = ComposeFile.Services["functions-emulators"];
        await using var containers = new Containers();

        await containers.StartEmulatorsAsync(service);

        Assert.True(await containers.IsWellAsync(service));
        containers.Ports["9023"] = 1;
        Assert.False(await containers.IsWellAsync(service));
    }

    [Fact]
    public async Task Azurite_counts_as_well_when_its_three_services_listen()
    {
        AzuriteServer.SkipWithout();
        var service = ComposeFile.Services["azurite"];
        await using var azurite = await AzuriteServer.StartAsync();
        await using var containers = new Containers();
        foreach (var (port, here) in ((string[])["10000", "10001", "10002"]).Zip(azurite.Ports))
        {
            containers.Ports[port] = here;
        }

        Assert.True(await containers.IsWellAsync(service));
        containers.Ports["10002"] = 1;
        Assert.False(await containers.IsWellAsync(service));
    }
}
