using System.Text.Json;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.CommandLine.Server;
using Iga.Tests.Models;

namespace Iga.Tests.CommandLine;

/// <summary>Runs <c>generate</c> with a service that answers as it is told to, and a folder of its own for the pictures.</summary>
public abstract class GenerateRun : CommandRun
{
    private protected const string Accepted = """
        {"message": "ok", "task_id": "42", "status_url": "/v1/tasks/42", "idempotency_key_processed": "k"}
        """;

    // The signature and the IHDR of a PNG of 1408 x 768.
    private protected static readonly byte[] Png =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 5, 0x80, 0, 0, 3, 0, 8, 6];

    private protected TestTime Time { get; } = new();

    /// <summary>So many downloads fail before one succeeds.</summary>
    private protected int DownloadFailures { get; set; }

    private protected static string Running(string status) => $$"""{"task_id": "42", "status": "{{status}}", "result": null}""";

    private protected static string Success(string name) => JsonSerializer.Serialize(new
    {
        task_id = "42",
        status = "SUCCESS",
        result = new { image_url = $"gs://bucket/{name}", prompt_used = "x", model_version = "vertex-ai-m" },
    });

    private protected async Task<int> RunAsync(
        FakeService service, GenerateArguments arguments, string? apiKey = null, CancellationToken cancellationToken = default)
    {
        service.Picture = Png;
        service.DownloadFailures = DownloadFailures;
        using var client = new TaskClient(new ServerAddress(service.Address, apiKey), Time);
        using var file = new PictureFile(arguments, Folder.Path);
        return await new GenerateCommand(client, Output, Error, new TaskProgress(terminal: null, Error), Time)
            .RunAsync(arguments, file, cancellationToken);
    }
}
