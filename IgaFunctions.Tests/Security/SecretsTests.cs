using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.Security;

/// <summary>Nobody who reads the service's logs or its answers learns a secret, or more of a prompt than its beginning.</summary>
public sealed class SecretsTests
{
    private static readonly string[] Metrics =
    [
        "iga_generate_image_request_count", "iga_generate_image_latency_ms", "iga_vertexai_call_latency_ms",
        "iga_vertexai_error_count", "iga_gcs_upload_latency_ms", "iga_gcs_upload_failure_count", "iga_task_processing_ms",
        "iga_request_replayed_count", "iga_request_rejected_count", "iga_task_retried_count", "iga_task_succeeded_count",
        "iga_task_failed_count", "iga_task_conflicted_count",
    ];

    [Fact]
    public async Task Logs_are_json_lines_with_the_agreed_fields_and_metrics_and_without_a_secret()
    {
        using var run = await ChattyRun.RunAsync([]);

        AssertNoSecret(run);
        var lines = run.Output.Select(ReadLine).ToArray();
        Assert.Empty(Metrics.Except(lines.Select(line => Text(line, "metric_name")!).Where(name => name is not null)));
        Assert.All(lines.Where(line => Text(line, "metric_name") is not null), line =>
            Assert.Equal(JsonValueKind.Number, line.GetProperty("value").ValueKind));

        // Of a prompt its preview, in its own field, and nothing after it.
        var previews = lines.Select(line => Text(line, "prompt_preview")).OfType<string>().Where(preview => preview.Length > 0).ToArray();
        Assert.NotEmpty(previews);
        Assert.All(previews, preview => Assert.Contains(run.Prompts, prompt => prompt[..50] == preview));
        Assert.Contains(lines, line => Text(line, "workflow_id") == "workflow-1" && Guid.TryParse(Text(line, "task_id"), out _));
    }

    [Fact]
    public async Task With_prompts_switched_off_nothing_of_them_is_logged_not_even_for_debugging()
    {
        using var run = await ChattyRun.RunAsync(new() { ["IGA_LOG_PROMPTS"] = "false", ["IGA_DEBUG_MODE"] = "true" });

        AssertNoSecret(run);
        Assert.All(run.Output, line => ReadLine(line));
        Assert.Contains(run.Output, line => line.Contains("\"DEBUG\"", StringComparison.Ordinal));
        Assert.DoesNotContain("A picture of", string.Join('\n', run.Output.Concat(run.Errors)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_and_the_tokens_for_them_are_used_and_never_told()
    {
        var secrets = new Secrets();
        await using var tokens = await TokenServerAsync(secrets.AccessToken);
        var file = Path.Combine(Path.GetTempPath(), $"iga-credentials-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, secrets.CredentialsFile(new Uri(tokens.Urls.Single() + "/token")));
        var settings = Service.SettingsFor(new Uri("https://127.0.0.1:1/"), new Uri("http://127.0.0.1:1/"), await TestCluster.CreateDatabaseAsync());
        settings["IGA_GOOGLE_TOKEN_HOSTS"] = "127.0.0.1";
        settings["GOOGLE_APPLICATION_CREDENTIALS"] = file;
        settings["IGA_VERTEXAI_PROJECT_ID"] = "test";
        settings["IGA_DEBUG_MODE"] = "true";
        try
        {
            await using var process = ServiceProcess.Start(settings);
            using var client = new HttpClient { BaseAddress = await process.ReadyAsync() };
            var id = await client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });

            // The token is there, the model is not.
            var retry = await client.WaitAsync(id, "RETRY");
            Assert.Equal(0, await process.StopAsync());

            Assert.Contains(process.Output, line => line.Contains("model_unavailable", StringComparison.Ordinal));
            var said = string.Join('\n', process.Output.Concat(process.Errors).Append(retry.ToString()));
            Assert.All(secrets.All, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
            Directory.Delete(settings["IGA_STAGING_DIR"]!, recursive: true);
        }
    }

    [Fact]
    public void Api_keys_are_compared_in_constant_time()
    {
        var code = File.ReadAllText(Path.Combine(Sources.Root, "IgaFunctions", "Callers", "ApiKeySet.cs"));
        Assert.Contains("caller = CryptographicOperations.FixedTimeEquals(hash, known.Hash) ? known.Caller : caller;", code, StringComparison.Ordinal);
        Assert.DoesNotContain("SequenceEqual", code, StringComparison.Ordinal);
        Assert.DoesNotContain("string.Equals", code, StringComparison.Ordinal);
    }

    private static void AssertNoSecret(ChattyRun run)
    {
        Assert.NotEmpty(run.Output);
        Assert.Contains(run.Answers, answer => answer.Contains(" 503", StringComparison.Ordinal));
        var said = string.Join('\n', run.Output.Concat(run.Errors));
        Assert.All(run.Secrets.All.Concat(run.Prompts.Select(prompt => prompt[50..82])), secret =>
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        var answered = string.Join('\n', run.Answers);
        Assert.All(run.Secrets.All, secret => Assert.DoesNotContain(secret, answered, StringComparison.Ordinal));

        // The prompt stands in the result that it led to, and in no error.
        Assert.All(run.Answers.Where(answer => !answer.Contains("prompt_used", StringComparison.Ordinal)), answer =>
            Assert.All(run.Prompts, prompt => Assert.DoesNotContain(prompt[50..82], answer, StringComparison.Ordinal)));
    }

    private static JsonElement ReadLine(string text)
    {
        using var document = JsonDocument.Parse(text);
        var line = document.RootElement.Clone();
        Assert.True(DateTime.TryParse(Text(line, "timestamp"), out _), text);
        Assert.Contains(Text(line, "level"), (string[])["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]);
        Assert.NotEmpty(Text(line, "logger_name")!);
        Assert.Equal("iga", Text(line, "service_name"));
        Assert.NotNull(Text(line, "message"));
        Assert.All((string[])["task_id", "workflow_id", "idempotency_key"], field => Assert.True(line.TryGetProperty(field, out _), text));
        return line;
    }

    private static string? Text(JsonElement line, string field) =>
        line.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static async Task<WebApplication> TokenServerAsync(string token)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/token", () => Results.Json(new { access_token = token, expires_in = 3600, token_type = "Bearer" }));
        await app.StartAsync();
        return app;
    }
}
