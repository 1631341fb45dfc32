using System.CommandLine;

namespace Iga.LocalHost.CommandLine.Server;

/// <summary>The options that every command has which asks a service, and how they are read.</summary>
internal sealed class ServerOptions(IConfiguration environment)
{
    private readonly Option<string?> _server = new("--server")
    {
        Description = "The address of the IGA to ask, such as https://iga.example.com; by default IGA_SERVER, else the one that serves on this "
            + "machine, on port IGA_PORT or 5007.",
        HelpName = "URL",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "A file with the API key, which nobody else may read (chmod 600); by default the key is that of the variable IGA_KEY.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print JSON on standard output, for programs." };

    /// <summary>Adds the options to a command.</summary>
    public Command AddTo(Command command)
    {
        command.Add(_server);
        command.Add(_key);
        command.Add(_json);
        return command;
    }

    public bool WantsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Whether the command line names another service than that of this machine.</summary>
    public bool NamesServer(ParseResult parsed) => parsed.GetValue(_server) is not null || environment["IGA_SERVER"] is { Length: > 0 };

    /// <param name="problem">What is wrong, in one sentence.</param>
    public ServerAddress? Read(ParseResult parsed, out string? problem) =>
        ServerAddress.Read(parsed.GetValue(_server), parsed.GetValue(_key), environment, out problem);

    /// <summary>Runs what a command does with a client of the service that it names.</summary>
    /// <returns>The exit code of <paramref name="run"/>, or why it could not run.</returns>
    public Task<int> RunAsync(
        ParseResult parsed, Func<TaskClient, StopSignals, Task<int>> run, CancellationToken cancellationToken)
    {
        return HostCommandLine.UntilSignalled(
            async signals =>
            {
                var error = parsed.InvocationConfiguration.Error;
                if (Read(parsed, out var problem) is not { } address)
                {
                    await error.WriteLineAsync(problem);
                    return ExitCode.Usage;
                }

                using var client = new TaskClient(address, TimeProvider.System);
                try
                {
                    return await run(client, signals);
                }
                catch (ServerException exception)
                {
                    await error.WriteLineAsync(exception.Message);
                    return ExitCode.Failure;
                }
            },
            cancellationToken);
    }
}
