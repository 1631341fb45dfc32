using System.Text.Json;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.GoogleCloud;

/// <summary>Who has configured Google's services and has no credentials for them is told when the service starts.</summary>
public sealed class CredentialsAtStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iga-credentials-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData("""{"type": "service_account", "client_email": "a@b.example", "private_key": "cut off"}""")]
    [InlineData("""{"type": "some_new_kind"}""")]
    public async Task Without_usable_ones_it_does_not_start_and_says_what_to_set(string? file)
    {
        await using var nobody = await ScriptedServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var settings = await SettingsAsync(nobody.Address);
        if (file is not null)
        {
            settings["GOOGLE_APPLICATION_CREDENTIALS"] = Path.Combine(_folder.FullName, "key.json");
            await File.WriteAllTextAsync(settings["GOOGLE_APPLICATION_CREDENTIALS"]!, file);
        }

        await using var process = ServiceProcess.Start(settings);

        Assert.Equal(1, await process.WaitForExitAsync());
        var said = string.Join('\n', process.Errors);
        Assert.Contains("no usable credentials of Google", said, StringComparison.Ordinal);
        Assert.Contains("GOOGLE_APPLICATION_CREDENTIALS", said, StringComparison.Ordinal);
        Assert.DoesNotContain("cut off", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_those_of_a_metadata_server_it_starts()
    {
        await using var metadata = await ScriptedServer.StartAsync(async context =>
        {
            context.Response.Headers["Metadata-Flavor"] = "Google";
            await context.Response.WriteAsync(JsonSerializer.Serialize(new { access_token = "token", expires_in = 3600, token_type = "Bearer" }));
        });

        await using var process = ServiceProcess.Start(await SettingsAsync(metadata.Address));
        await process.ReadyAsync();

        Assert.NotEmpty(metadata.Requests);
        Assert.Equal(0, await process.StopAsync());
    }

    [Fact]
    public async Task Emulators_need_none_and_nobody_is_asked_for_any()
    {
        await using var metadata = await ScriptedServer.StartAsync(_ => Task.CompletedTask);
        var settings = await SettingsAsync(metadata.Address);
        settings["IGA_VERTEX_ENDPOINT"] = "http://127.0.0.1:1/";

        await using var process = ServiceProcess.Start(settings);
        await process.ReadyAsync();

        Assert.Empty(metadata.Requests);
        Assert.Equal(0, await process.StopAsync());
    }

    /// <summary>Vertex AI is Google's, and a home folder has no credentials in it.</summary>
    private async Task<Dictionary<string, string?>> SettingsAsync(Uri metadata)
    {
        var settings = Service.SettingsFor(new Uri("http://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), await TestCluster.CreateDatabaseAsync());
        settings["IGA_VERTEX_ENDPOINT"] = null;
        settings["IGA_VERTEXAI_PROJECT_ID"] = "my-project";
        settings["IGA_VERTEXAI_LOCATION"] = "global";
        settings["HOME"] = _folder.FullName;
        settings["GCE_METADATA_HOST"] = metadata.Authority;
        settings["NO_PROXY"] = "127.0.0.1";
        return settings;
    }
}
