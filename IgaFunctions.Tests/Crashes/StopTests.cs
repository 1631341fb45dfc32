using System.Net;
using System.Text.Json;
using Iga.Emulators.Pictures;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.LocalHost.CommandLine;
using Iga.Tests.Fixtures;
using Iga.Tests.Models;
using Iga.Tests.Security;

namespace Iga.Tests.Crashes;

/// <summary>What a process that is told to stop does with a picture that is being made, and what those around it see meanwhile.</summary>
public sealed class StopTests : IAsyncLifetime
{
    /// <summary>No test waits for it: it ends by what it waits for, or not at all.</summary>
    private const string LongGrace = "3600";

    private readonly TaskCompletionSource _picture = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private VertexEmulator _vertex = null!;
    private GcsEmulator _gcs = null!;
    private Dictionary<string, string?> _settings = null!;
    private int _drawing;

    public async ValueTask InitializeAsync()
    {
        _vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions { PictureFactory = DrawAsync });
        _gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        _settings = Service.SettingsFor(_vertex.Address, _gcs.Address, await TestCluster.CreateDatabaseAsync());
        _settings["IGA_MODEL_TIMEOUT_SECONDS"] = "600";
        _settings["IGA_SHUTDOWN_GRACE_SECONDS"] = LongGrace;
    }

    public async ValueTask DisposeAsync()
    {
        _picture.TrySetResult();
        await _vertex.DisposeAsync();
        await _gcs.DisposeAsync();
        Directory.Delete(_settings["IGA_STAGING_DIR"]!, recursive: true);
    }

    [Fact]
    public async Task It_waits_for_the_picture_answers_polls_and_keeps_what_is_ordered_for_the_next_process()
    {
        Guid ordered;
        await using (var service = ServiceProcess.Start(_settings))
        {
            using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
            var made = await client.SubmitAsync(Caller.NewKey(), new { prompt = "under way" });
            await Eventually.Async(() => Volatile.Read(ref _drawing) == 1);
            await service.SignalAsync("TERM");
            await Eventually.Async(() => service.Errors.Any(line => line.StartsWith("Waiting for 1 picture under way, up to 3600 s;", StringComparison.Ordinal)));

            (var code, var body) = await client.PollAsync(made);
            Assert.Equal((HttpStatusCode.Accepted, "STARTED"), (code, body.GetProperty("status").GetString()));
            ordered = await client.SubmitAsync(Caller.NewKey(), new { prompt = "ordered meanwhile" });
            (_, body) = await client.PollAsync(ordered);
            Assert.Equal("PENDING", body.GetProperty("status").GetString());

            _picture.SetResult();
            Assert.Equal(ExitCode.Success, await service.WaitForExitAsync());
            Assert.Single(_gcs.Objects.List(Service.Bucket));
            Assert.Equal(["under way"], _vertex.Log.Select(call => call.Prompt));
        }

        await using var next = ServiceProcess.Start(_settings);
        using var later = new HttpClient { BaseAddress = await next.ReadyAsync() };
        Assert.Equal("SUCCESS", (await later.WaitAsync(ordered)).GetProperty("status").GetString());
        Assert.Equal(["under way", "ordered meanwhile"], _vertex.Log.Select(call => call.Prompt));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_second_signal_stops_it_at_once_and_the_call_that_was_cut_is_named_and_counted(string signal)
    {
        await using var service = ServiceProcess.Start(_settings);
        using var client = new HttpClient { BaseAddress = await service.ReadyAsync() };
        var cut = await client.SubmitAsync(Caller.NewKey(), new { prompt = "under way" });
        await Eventually.Async(() => Volatile.Read(ref _drawing) == 1);
        await service.SignalAsync(signal);
        await Eventually.Async(() => service.Errors.Any(line => line.EndsWith("Ctrl+C now stops at once.", StringComparison.Ordinal)));

        await service.SignalAsync(signal);

        Assert.Equal(ExitCode.Success, await service.WaitForExitAsync());
        var lines = service.Output.Select(line => JsonElement.Parse(line))
            .Where(line => line.GetProperty("task_id").ValueEquals(cut.ToString())).ToArray();
        Assert.Single(lines, line => line.GetProperty("message").GetString()!
            .StartsWith("The call of gemini-3.1-flash-image was cut off after ", StringComparison.Ordinal));
        Assert.Equal(
            """{"model":"gemini-3.1-flash-image"}""",
            Assert.Single(lines, line => line.TryGetProperty("metric_name", out var name) && name.ValueEquals("iga_vertexai_call_cut_count"))
                .GetProperty("tags").GetRawText());
    }

    [Fact]
    public async Task Without_a_picture_under_way_it_stops_without_a_word()
    {
        await using var service = ServiceProcess.Start(_settings);
        await service.ReadyAsync();

        Assert.Equal(ExitCode.Success, await service.StopAsync());
        Assert.DoesNotContain(service.Errors, line => line.StartsWith("Waiting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_that_is_called_off_waits_for_its_picture_too()
    {
        // It needs no key of the service's callers: of this one only the hash is told.
        _settings["IGA_API_KEYS"] = $"cpoa:sha256:{new string('0', 64)}";
        await using var generate = ServiceProcess.Start(_settings, "generate", "under way", "--out", _settings["IGA_STAGING_DIR"]!);
        await Eventually.Async(() => Volatile.Read(ref _drawing) == 1);
        await generate.SignalAsync("INT");
        await Eventually.Async(() => generate.Errors.Any(line => line.StartsWith("Waiting for 1 picture under way", StringComparison.Ordinal)));

        _picture.SetResult();

        Assert.Equal(ExitCode.Cancelled, await generate.WaitForExitAsync());
        Assert.Single(_gcs.Objects.List(Service.Bucket));
    }

    private async ValueTask<Picture> DrawAsync(PictureRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _drawing);
        await _picture.Task.WaitAsync(cancellationToken);
        return new Picture(Pictures.Png(400), "image/png");
    }
}
