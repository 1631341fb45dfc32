using System.Net;
using System.Text.Json;
using Iga.Embedded;
using Iga.Health;
using Iga.Staging;
using Iga.Tests.Durable;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace Iga.Tests.Health;

/// <summary>Readiness says whether a task could be accepted and done, and costs little however often it is asked.</summary>
public sealed class ReadinessTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("store full", "IGA_IDEMPOTENCY_STORE_UNAVAILABLE", "no room")]
    [InlineData("store's disk full", "IGA_IDEMPOTENCY_STORE_UNAVAILABLE", "no room")]
    [InlineData("store read-only", "IGA_IDEMPOTENCY_STORE_UNAVAILABLE", "takes no writes")]
    [InlineData("store away", "IGA_IDEMPOTENCY_STORE_UNAVAILABLE", "out of reach")]
    [InlineData("staging full", "IGA_STAGING_UNAVAILABLE", "no room")]
    public async Task What_keeps_the_service_from_its_work_is_told_in_words_and_logged_once(string trouble, string code, string words)
    {
        using var disk = trouble.EndsWith("full", StringComparison.Ordinal) && trouble != "store full" ? TinyDisk.Mount(megabytes: 6) : null;
        await using var service = await OwnService.StartAsync(settings =>
            settings["IGA_STAGING_DIR"] = trouble == "staging full" ? disk!.Folder : settings["IGA_STAGING_DIR"]);
        StagingRoom? held = null;
        var log = new LogCapture();
        using var loggers = new LoggerFactory([log]);
        var time = new FakeTimeProvider();
        var probe = service.Make<ReadinessProbe>(time, loggers.CreateLogger<ReadinessProbe>());
        Assert.True((await AskAsync()).IsReady);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/readyz")).StatusCode);

        await StrikeAsync();
        for (var i = 0; i < 10; i++)
        {
            Assert.Contains(words, (await AskAsync()).Message, StringComparison.Ordinal);
        }

        await Task.WhenAll(AssertToldAsync("/health"), AssertReportedAsync());
        await MendAsync();
        Assert.True((await AskAsync()).IsReady);

        Assert.Equal([LogLevel.Warning, LogLevel.Information], log.Entries.Select(entry => entry.Level));

        Task<Readiness> AskAsync()
        {
            time.Advance(Second);
            return probe.AskAsync();
        }

        async Task AssertToldAsync(string path)
        {
            // The host's own probe may have been asked a moment ago.
            await Eventually.Async(async () => (await service.Client.GetAsync(path)).StatusCode == HttpStatusCode.ServiceUnavailable);
            using var answer = await service.Client.GetAsync(path);
            var text = await answer.Content.ReadAsStringAsync();
            var body = JsonDocument.Parse(text).RootElement;
            Assert.Equal(code, body.GetProperty("error_code").GetString());
            Assert.Contains(words, body.GetProperty("message").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
        }

        async Task AssertReportedAsync()
        {
            // Each check's answer may be a second old, and the hub's first one may meet a session that was ended.
            var hub = trouble == "store away" ? "failed" : "ok";
            await Eventually.Async(async () => await (await service.Client.GetAsync("/readyz")).Content.ReadAsStringAsync() is var told
                && told.Contains($"\"hub\",\"status\":\"{hub}\"", StringComparison.Ordinal)
                && told.Contains("failed", StringComparison.Ordinal));
            using var answer = await service.Client.GetAsync("/readyz");
            var text = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var body = JsonElement.Parse(text);
            Assert.Equal("unavailable", body.GetProperty("status").GetString());
            Assert.True(answer.Headers.RetryAfter is not null);
            var checks = body.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
            Assert.Equal(["database", "migrations", "hub", "staging"], checks.Keys);
            var failed = checks[trouble.StartsWith("staging", StringComparison.Ordinal) ? "staging" : "database"];
            Assert.Equal("failed", failed.GetProperty("status").GetString());
            Assert.Contains(words, failed.GetProperty("reason").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetAsync("/healthz")).StatusCode);
        }

        async Task StrikeAsync()
        {
            var database = new NpgsqlConnectionStringBuilder(service.ConnectionString).Database!;
            switch (trouble)
            {
                case "store full":
                    await service.ExecuteAsync(
                        """
                        create function refuse() returns trigger language plpgsql as $$
                        begin raise 'could not extend file' using errcode = 'disk_full'; end $$;
                        create trigger refuse before update on iga_database for each row execute function refuse()
                        """);
                    break;
                case "store's disk full":
                    await MakeTablespaceAsync(service, disk!, $"tiny_{database}");
                    disk!.Fill();
                    await service.ExecuteAsync($"alter database {database} set temp_tablespaces = tiny_{database}");
                    await EndSessionsAsync(service);
                    break;
                case "store read-only":
                    await service.ExecuteAsync($"alter database {database} set default_transaction_read_only = on");
                    await EndSessionsAsync(service);
                    break;
                case "store away":
                    service.Gate.Refuse();
                    break;
                case "staging full":
                    // A spare file's blocks are room as well.
                    held = await service.Get<IImageStaging>().ReserveAsync(null, default);
                    disk!.Fill();
                    break;
            }
        }

        async Task MendAsync()
        {
            var database = new NpgsqlConnectionStringBuilder(service.ConnectionString).Database!;
            switch (trouble)
            {
                case "store full":
                    await service.ExecuteAsync("drop trigger refuse on iga_database");
                    break;
                case "store's disk full":
                    disk!.Empty();
                    await service.ExecuteAsync($"alter database {database} reset temp_tablespaces");
                    await service.ExecuteAsync($"drop tablespace tiny_{database}");
                    break;
                case "store read-only":
                    await service.ExecuteAsync(
                        $"set default_transaction_read_only = off; alter database {database} reset default_transaction_read_only");
                    break;
                case "store away":
                    service.Gate.Open();
                    break;
                case "staging full":
                    held!.Dispose();
                    disk!.Empty();
                    break;
            }
        }
    }

    private static async Task MakeTablespaceAsync(OwnService service, TinyDisk disk, string name)
    {
        // The server may run as another user than the test.
        var folder = Path.Combine(disk.Folder, "tablespace");
        Directory.CreateDirectory(folder);
        (await ServerAccount.ForAsync(null, default)).Give(folder);
        await service.ExecuteAsync($"create tablespace {name} location '{folder}'");
    }

    private static Task EndSessionsAsync(OwnService service) => service.ExecuteAsync(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
}
