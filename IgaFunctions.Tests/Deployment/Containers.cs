using System.Diagnostics;
using System.Text.RegularExpressions;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Deployment;

/// <summary>
/// Runs the programs of the compose file on this machine, with their commands and variables. What can't be the same here is put in
/// place: the database's address, ports, the two folders, and the address that the local host listens on, which is loopback here.
/// </summary>
internal sealed partial class Containers : IAsyncDisposable
{
    public const string Key = "development-key-for-a-try";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("iga-containers-");
    private readonly List<Process> _emulators = [];

    /// <summary>The ports of the containers that the emulators have here.</summary>
    public Dictionary<string, int> Ports { get; } = [];

    /// <summary>Where the emulated bucket keeps its objects.</summary>
    public string Data => Path.Combine(_folder.FullName, "data");

    /// <summary>The variables of a service, as its host reads them.</summary>
    public static IConfiguration Configuration(ComposeService service) =>
        new ConfigurationBuilder().AddInMemoryCollection(service.Environment).Build();

    /// <summary>Starts the emulators by their command and learns their ports.</summary>
    public async Task StartEmulatorsAsync(ComposeService service)
    {
        var arguments = service.Command.Select(argument => argument is "8085" or "9023" ? "0" : argument == "/data" ? Data : argument);
        var program = service.Dockerfile!.EntryPoint;
        var start = new ProcessStartInfo(program[0], [Path.Combine(AppContext.BaseDirectory, program[1]), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        _emulators.Add(process);
        foreach (var port in (string[])["8085", "9023"])
        {
            var line = await process.StandardOutput.ReadLineAsync().WaitAsync(Deadline);
            Ports[port] = new Uri(Address().Match(line ?? "").Value).Port;
        }
    }

    /// <summary>The variables of a service, with what is here in the place of what is there.</summary>
    public Dictionary<string, string?> VariablesOf(ComposeService service, string database)
    {
        var variables = service.Environment;
        foreach (var (name, value) in variables.ToArray())
        {
            variables[name] = name switch
            {
                "IGA_POSTGRES_DB_URL" => database,
                "IGA_STAGING_DIR" => Path.Combine(_folder.FullName, "staging"),
                "IGA_HOST" => "127.0.0.1",
                "IGA_PORT" => "0",
                _ => WithPorts(value!),
            };
        }

        return variables;
    }

    /// <summary>Runs a service's health check.</summary>
    /// <returns>Whether it says that the service is well.</returns>
    public async Task<bool> IsWellAsync(ComposeService service)
    {
        var command = service.HealthCheck.Select(WithPorts).ToArray();
        return (await ProgramRun.RunAsync(new ProcessStartInfo(command[0], command.Skip(1)))).ExitCode == 0;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _emulators)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private string WithPorts(string text) => Ports.Aggregate(
        text, (changed, port) => Regex.Replace(changed, $@"\b{port.Key}\b", $"{port.Value}"));

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
