using System.Security.Cryptography;
using Iga.Embedded;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.LocalHost.CommandLine;

namespace Iga.LocalHost.Host;

/// <summary>The verb <c>generate</c>: checks what was asked for, starts a service for this one picture, and has it made.</summary>
internal sealed class OnePicture(IConfiguration environment, StopSignals signals)
{
    // A name for a picture, and 4,000 characters by default, need far less.
    private const int LongestInput = 1_048_576;

    // A port of its own, so that it also works beside a service that runs, and a key that nobody else knows.
    private readonly string _key = RandomNumberGenerator.GetHexString(64, lowercase: true);

    private readonly TaskProgress _progress = new(TaskProgress.Terminal(), Console.Error);

    public async Task<int> MakeAsync(GenerateArguments arguments)
    {
        var own = new ConfigurationBuilder().AddConfiguration(environment)
            .AddInMemoryCollection([
                new("IGA_HOST", "127.0.0.1"), new("IGA_PORT", "0"), new("IGA_API_KEYS", $"generate:{_key}"), new("IGA_API_KEYS_FILE", null),
            ]).Build();
        var configuration = HostConfiguration.Check(own);
        if (arguments.Prompt == "-")
        {
            arguments = arguments with { Prompt = ReadPrompt() };
        }

        var folder = Path.Combine(configuration.LocalDirectory, "pictures");
        using var file = new PictureFile(arguments, folder);
        arguments = arguments with { OutputFormat = file.OutputFormat };
        IReadOnlyList<string> errors =
        [
            .. GenerateRequest.Errors(arguments, configuration.App.Requests, configuration.App.Models),
            .. file.FindProblem() is { } problem ? [problem] : Array.Empty<string>(),
        ];
        if (errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, errors));
            return ExitCode.Usage;
        }

        if (arguments.OutFile is null)
        {
            LocalFolder.Check(configuration.LocalDirectory);
            LocalDirectory.Create(folder);
            file.MakeSureOfFolder();
        }

        return await RunAsync(own, arguments, file);
    }

    private async Task<int> RunAsync(IConfiguration own, GenerateArguments arguments, PictureFile file)
    {
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
            using var http = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromSeconds(30) };
            var command = new GenerateCommand(http, DownloadAsync, Console.Out, Console.Error, _progress, _key);
            var exitCode = await command.RunAsync(arguments, file, signals.Stop);
            await service.StopAsync(signals.AtOnce);
            return exitCode;
        }

        async Task DownloadAsync(string url, string path, CancellationToken cancellationToken)
        {
            try
            {
                await using var to = File.Create(path);
                await service.Services.GetRequiredService<RestGcsTransport>().DownloadAsync(url, to, cancellationToken);
            }
            catch (FailureException exception)
            {
                throw new IOException(exception.Message, exception);
            }
        }
    }

    private static string ReadPrompt()
    {
        var buffer = new char[LongestInput];
        var length = Console.In.ReadBlock(buffer);
        return new string(buffer, 0, length).Trim();
    }
}
