using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;

namespace Iga.Tests.CommandLine;

public sealed class GenerateCommandTests : GenerateRun
{
    [Fact]
    public async Task A_picture_is_saved_and_its_path_url_and_size_are_told()
    {
        await using var service = await FakeService.StartAsync(
            [(202, Accepted)],
            [
                (202, Running("PENDING")), (202, Running("STARTED")), (503, "busy"), (202, Running("RETRY")),
                (200, Success("images/iga/a.png")[..^1] + """
                    , "details": {"model": "gemini-3.1-flash-image", "image_size": "2K", "output_tokens": 1680, "price_usd": 0.101}}
                    """),
            ]);

        var exitCode = await RunAsync(
            service,
            new GenerateArguments(
                "A lighthouse, at dawn!", "16:9", "some-model", Folder.Path, false, "2K", "jpeg", "17", ["gs://b/a.png"]),
            apiKey: "s3cret");

        Assert.Equal((ExitCode.Success, ""), (exitCode, string.Concat(Directory.EnumerateFiles(Folder.Path, "*.part"))));
        var lines = Output.ToString().Split(Environment.NewLine);
        Assert.Equal(Folder["a-lighthouse-at-dawn.png"], lines[0]);
        Assert.Equal("gs://bucket/images/iga/a.png", lines[1]);
        Assert.StartsWith("1408 x 768 pixels, 26 bytes, ", lines[2], StringComparison.Ordinal);
        Assert.Equal("gemini-3.1-flash-image, 2K, 1,680 output tokens, $0.101 by list price", lines[3]);
        Assert.Equal(Png, await File.ReadAllBytesAsync(lines[0]));
        Assert.Contains("Generating", Error.ToString(), StringComparison.Ordinal);

        var (key, apiKey, body) = Assert.Single(service.Requests);
        Assert.True(Guid.TryParse(key, out _));
        Assert.Equal("s3cret", apiKey);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), JsonNode.Parse("""
            {
                "prompt": "A lighthouse, at dawn!", "aspect_ratio": "16:9", "model_id_override": "some-model",
                "add_watermark": false, "image_size": "2K", "output_format": "jpeg", "seed": 17, "reference_images": ["gs://b/a.png"]
            }
            """)));
    }

    [Fact]
    public async Task What_was_not_asked_for_is_left_to_the_service()
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(200, Success("a.jpg"))]);

        await RunAsync(service, new GenerateArguments("x", OutFile: Folder["mine"]));

        Assert.Equal("""{"prompt":"x"}""", Assert.Single(service.Requests).Body);
        Assert.Equal([Folder["mine"]], Directory.EnumerateFiles(Folder.Path)); // that name and no other
    }

    [Theory]
    [InlineData(
        200, """
        {"task_id": "42", "status": "FAILURE", "result": {"error": {"type": "prompt_blocked", "message": "not that"}}}
        """, "prompt_blocked: not that")]
    [InlineData(
        200, """
        {"task_id": "42", "status": "SUCCESS",
            "result": {"status": "PROCESSING_CONFLICT", "message": "someone else", "idempotency_key": "k"}}
        """, "PROCESSING_CONFLICT: someone else")]
    [InlineData(
        404, """
        {"error_code": "IGA_TASK_NOT_FOUND", "message": "no such task"}
        """, "IGA_TASK_NOT_FOUND: no such task")]
    public async Task A_task_without_a_picture_is_a_failure_with_its_reason(int status, string body, string reason)
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(202, Running("STARTED")), (status, body)]);

        Assert.Equal(ExitCode.Failure, await RunAsync(service, new GenerateArguments("x", OutFile: Folder.Path)));

        Assert.Contains(reason, Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", Output.ToString());
        Assert.Empty(Directory.EnumerateFiles(Folder.Path));
    }

    [Fact]
    public async Task A_refused_request_is_a_failure_and_is_not_repeated()
    {
        await using var service = await FakeService.StartAsync(
            [(400, """{"error_code": "IGA_BAD_REQUEST_ASPECT_RATIO", "message": "aspect_ratio must be one of 1:1"}""")], []);

        Assert.Equal(ExitCode.Failure, await RunAsync(service, new GenerateArguments("x", "7:1", OutFile: Folder.Path)));

        Assert.Equal(
            "IGA_BAD_REQUEST_ASPECT_RATIO: aspect_ratio must be one of 1:1", Error.ToString().Trim());
        Assert.Single(service.Requests);
    }

    [Fact]
    public async Task A_service_that_is_briefly_unavailable_is_asked_again_with_the_same_key()
    {
        await using var service = await FakeService.StartAsync(
            [(503, """{"error_code": "IGA_TASK_HUB_UNAVAILABLE", "message": "later"}"""), (202, Accepted)],
            [(200, Success("a.png"))]);

        Assert.Equal(ExitCode.Success, await RunAsync(service, new GenerateArguments("x", OutFile: Folder.Path)));

        Assert.Equal(2, service.Requests.Count);
        Assert.Single(service.Requests.Select(request => request.Key).Distinct());
        Assert.InRange(Assert.Single(Time.ShortWaits), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(450));
    }

    [Fact]
    public async Task Called_off_it_ends_with_130_and_leaves_no_file()
    {
        using var stop = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(202, Running("STARTED"))]);

        var run = RunAsync(service, new GenerateArguments("x", OutFile: Folder.Path), cancellationToken: stop.Token);
        while (service.Requests.IsEmpty && !run.IsCompleted)
        {
            await Task.Delay(5);
        }

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Cancelled, await run);
        Assert.Empty(Directory.EnumerateFiles(Folder.Path));
    }
}
