using System.Security.Cryptography;
using Iga.Embedded;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.CommandLine.Server;

namespace Iga.LocalHost.Host;

/// <summary>
/// The verb <c>generate</c>: checks what was asked for, and has it made by the service that is named, or by one that is started for it.
/// </summary>
internal sealed class Generation(IConfiguration environment, StopSignals signals)
{
    // A name for a picture, and 4,000 characters by default, need far less.
    private const int LongestInput = 1_048_576;

    private const int MostErrors = 10;

    // A port of its own, so that it also works beside a service that runs, and a key that nobody else knows.
    private readonly string _key = RandomNumberGenerator.GetHexString(64, lowercase: true);

    private readonly TaskProgress _progress = new(TaskProgress.Terminal(), Console.Error);

    private string BaseFolder => LocalDirectory.Resolve(environment["IGA_LOCAL_DIR"]);

    private string DefaultFolder => Path.Combine(BaseFolder, "pictures");

    /// <param name="address">The service that makes it; null starts one.</param>
    public async Task<int> MakeAsync(GenerateArguments arguments, ServerAddress? address)
    {
        var own = Own(address);
        if (arguments.Prompt == "-")
        {
            arguments = arguments with { Prompt = ReadPrompt() };
        }

        using var file = new PictureFile(arguments, DefaultFolder);
        arguments = arguments with { OutputFormat = file.OutputFormat };
        if (await RefuseAsync([.. Errors(own, arguments), .. file.FindProblem() is { } problem ? [problem] : Array.Empty<string>()]))
        {
            return ExitCode.Usage;
        }

        if (arguments.OutFile is null)
        {
            MakeDefaultFolder();
            file.MakeSureOfFolder();
        }

        return await WithServiceAsync(own?.Environment, address, client =>
            new GenerateCommand(client, Console.Out, Console.Error, _progress).RunAsync(arguments, file, signals.Stop));
    }

    /// <inheritdoc cref="MakeAsync" path="/param"/>
    public async Task<int> MakeAsync(BatchArguments arguments, ServerAddress? address)
    {
        var own = Own(address);
        var folder = Path.GetFullPath(arguments.Each.OutFile ?? DefaultFolder);
        var errors = arguments.Prompts.SelectMany((prompt, index) =>
            Errors(own, arguments.Each with { Prompt = prompt }).Select(error => $"Prompt {index + 1}: {error}"));
        if (arguments.Each.OutFile is { } wanted && !Directory.Exists(folder))
        {
            errors = errors.Append($"--out {wanted}: with several prompts it must be a folder that is there.");
        }

        if (await RefuseAsync([.. errors.Take(MostErrors)]))
        {
            return ExitCode.Usage;
        }

        if (arguments.Each.OutFile is null)
        {
            MakeDefaultFolder();
        }

        return await WithServiceAsync(own?.Environment, address, client =>
            new BatchRun(client, Console.Out, Console.Error, new BatchProgress(TaskProgress.Terminal(), Console.Error))
                .RunAsync(arguments, folder, signals.Stop));
    }

    /// <summary>The settings of a service of its own; null where another one makes the pictures, which has its own.</summary>
    private (IConfiguration Environment, HostConfiguration Settings)? Own(ServerAddress? address)
    {
        if (address is not null)
        {
            return null;
        }

        var own = new ConfigurationBuilder().AddConfiguration(environment)
            .AddInMemoryCollection([
                new("IGA_HOST", "127.0.0.1"), new("IGA_PORT", "0"), new("IGA_API_KEYS", $"generate:{_key}"), new("IGA_API_KEYS_FILE", null),
            ]).Build();
        return (own, HostConfiguration.Check(own));
    }

    private static IReadOnlyList<string> Errors((IConfiguration Environment, HostConfiguration Settings)? own, GenerateArguments arguments) =>
        own is { Settings.App: var app } ? GenerateRequest.Errors(arguments, app.Requests, app.Models) : [];

    private static async Task<bool> RefuseAsync(IReadOnlyList<string> errors)
    {
        if (errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, errors));
        }

        return errors.Count > 0;
    }

    private void MakeDefaultFolder()
    {
        LocalFolder.Check(BaseFolder);
        LocalDirectory.Create(DefaultFolder);
    }

    private async Task<int> WithServiceAsync(IConfiguration? own, ServerAddress? address, Func<TaskClient, Task<int>> work)
    {
        if (address is not null || own is null)
        {
            using var there = new TaskClient(address!, TimeProvider.System);
            return await work(there);
        }

        LocalService service;
        try
        {
            service = await _progress.RunAsync(
                "Starting", _ => LocalService.StartAsync(own, _progress.Tell, signals.Stop, LogLevel.None));
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Cancelled. Nothing was asked for yet.");
            return ExitCode.Cancelled;
        }

        await using (service)
        {
            using var client = new TaskClient(new ServerAddress(service.Address, _key), TimeProvider.System);
            var exitCode = await work(client);
            await service.StopAsync(signals.AtOnce);
            return exitCode;
        }
    }

    private static string ReadPrompt()
    {
        var buffer = new char[LongestInput];
        var length = Console.In.ReadBlock(buffer);
        return new string(buffer, 0, length).Trim();
    }
}
