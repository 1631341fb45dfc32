using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.CommandLine.Server;

public sealed class TaskVerbTests : VerbRun
{
    private const string Failed = """{"error": {"type": "prompt_blocked", "message": "\u001b]0;owned\u0007 blocked"}}""";
    private const string Revoked = """{"error": {"type": "task_revoked", "message": "cancelled"}}""";
    private const string Made = """{"image_url": "gs://b/1.png", "prompt_used": "a lighthouse", "model_version": "vertex-ai-m"}""";

    [Theory]
    [InlineData("SUCCESS", Made, ExitCode.Success, "gs://b/1.png")]
    [InlineData("FAILURE", Failed, ExitCode.Failure, "prompt_blocked")]
    [InlineData("STARTED", "null", ExitCode.NotEnded, "STARTED")]
    public async Task Status_tells_the_state_by_its_exit_code_too(string status, string result, int exitCode, string told)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(status == "STARTED" ? 202 : 200, Document(status, result)));

        Assert.Equal(exitCode, await RunAsync(server, "status", Id));

        Assert.Contains(told, Output.ToString(), StringComparison.Ordinal);
        Assert.Equal($"GET /v1/tasks/{Id}?include=details", server.Requests.Single().Line);
    }

    [Fact]
    public async Task Control_characters_in_what_a_service_says_are_shown_and_not_obeyed()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, Document("FAILURE", Failed)));

        await RunAsync(server, "status", Id);

        Assert.DoesNotContain('\u001b', Output.ToString());
        Assert.DoesNotContain('\u0007', Output.ToString());
        Assert.Contains("\\u{1b}]0;owned", Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_tells_the_attempts_and_what_each_stage_took()
    {
        const string details = """
            {"model": "m", "price_usd": 0.039, "workflow_id": "w-7", "timings": {"queued_seconds": 0.25, "total_seconds": 4.5},
             "attempts": [{"model": "m", "seconds": 1.5, "fault": {"type": "model_unavailable", "message": "busy"}}, {"model": "m2", "fault": null}]}
            """;
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, Document("SUCCESS", Made, details)));

        await RunAsync(server, "status", Id);

        var lines = Output.ToString();
        foreach (var expected in (string[])["w-7", "$0.039", "queued 0.25 s, total 4.5 s", "attempt 1 m: model_unavailable: busy (1.5 s)", "attempt 2 m2: made it"])
        {
            Assert.Contains(expected, lines, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Status_waits_with_the_service_until_the_task_has_ended()
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Answer(202, Document("PENDING")), Wire.Answer(202, Document("STARTED")), Wire.Answer(200, Document("SUCCESS", Made)));

        Assert.Equal(ExitCode.Success, await RunAsync(server, "status", Id, "--wait", "600", "--json"));

        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests, request => Assert.Contains("&wait=30", request.Line, StringComparison.Ordinal));
        Assert.Equal("SUCCESS", JsonNode.Parse(Output.ToString())!["status"]!.ToString());
    }

    [Fact]
    public async Task List_follows_the_pages_and_sends_the_filters()
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Answer(200, """{"tasks": [{"task_id": "1", "status": "SUCCESS", "prompt": "a\u001b[2J"}], "next": "/v1/tasks?limit=3&after=x"}"""),
            Wire.Answer(200, """{"tasks": [{"task_id": "2"}, {"task_id": "3"}, {"task_id": "4"}], "next": null}"""));
        Variables["IGA_KEY"] = "the-key";

        Assert.Equal(ExitCode.Success, await RunAsync(
            server, "list", "--limit", "3", "--status", "success,failure", "--workflow", "a b", "--since", "2026-11-01"));

        Assert.Equal(
            ["GET /v1/tasks?limit=3&status=SUCCESS%2CFAILURE&workflow_id=a%20b&since=2026-11-01T00%3A00%3A00.000Z", "GET /v1/tasks?limit=3&after=x"],
            server.Requests.Select(request => request.Line));
        Assert.All(server.Requests, request => Assert.Equal("the-key", request.Headers["x-functions-key"]));
        Assert.Equal(4, Output.ToString().Trim().Split('\n').Length);
        Assert.DoesNotContain('\u001b', Output.ToString());
    }

    [Fact]
    public async Task A_next_page_that_leads_elsewhere_is_not_asked_for()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(200, """{"tasks": [], "next": "//elsewhere.example/v1/tasks?x"}"""));

        Assert.Equal(ExitCode.Failure, await RunAsync(server, "list"));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Cancel_waits_until_the_task_has_ended()
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Answer(202, Document("STARTED")), Wire.Answer(202, Document("STARTED")), Wire.Answer(200, Document("FAILURE", Revoked)));

        Assert.Equal(ExitCode.Success, await RunAsync(server, "cancel", Id));

        Assert.Equal($"POST /v1/tasks/{Id}/cancel", server.Requests[0].Line);
        Assert.Equal("Cancelled.", Output.ToString().Trim());
    }

    [Theory]
    [InlineData("cancel", 409, """{"error_code": "IGA_TASK_ENDED", "message": "It has ended."}""", "IGA_TASK_ENDED: It has ended.")]
    [InlineData("retry", 409, """{"error_code": "IGA_TASK_NOT_FAILED", "message": "It has its picture."}""", "IGA_TASK_NOT_FAILED: It has its picture.")]
    [InlineData("open", 404, """{"error_code": "IGA_NO_IMAGE", "message": "There is none."}""", "IGA_NO_IMAGE: There is none.")]
    [InlineData("status", 401, """{"error_code": "IGA_UNAUTHORIZED", "message": "A key is needed."}""", "IGA_UNAUTHORIZED: A key is needed.")]
    [InlineData("status", 200, "<html>", "not that of an IGA")]
    [InlineData("status", 502, "<html>", "answered 502")]
    public async Task What_a_service_refuses_is_told_in_its_words(string verb, int status, string body, string told)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Answer(status, body));

        Assert.Equal(ExitCode.Failure, await RunAsync(server, verb, Id));

        Assert.Contains(told, Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("", Output.ToString());
    }

    [Fact]
    public async Task A_service_that_fails_for_a_moment_is_asked_again()
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Answer(503, "{}"),
            Wire.Reset,
            Wire.Answer(200, Document("SUCCESS", Made)));

        Assert.Equal(ExitCode.Success, await RunAsync(server, "status", Id));
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Open_saves_the_picture_and_shows_it()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Text("image/jpeg", "bytes"));

        Assert.Equal(ExitCode.Success, await RunAsync(server, "open", Id));

        var path = Path.Combine(Folder.Path, $"{Id}.jpg");
        Assert.Equal("bytes", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal([path], Shown);
        Assert.Equal(path, Output.ToString().Trim());
    }

    [Fact]
    public async Task What_is_no_picture_is_neither_kept_nor_shown()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Text("text/html", "<script>"));

        Assert.Equal(ExitCode.Failure, await RunAsync(server, "open", Id));

        Assert.Empty(Shown);
        Assert.Empty(Directory.EnumerateFiles(Folder.Path));
    }

    [Fact]
    public async Task Watch_goes_on_after_the_event_that_it_read_last()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var server = await ScriptedServer.StartAsync(
            Wire.Text("text/event-stream", $"event: task\nid: e1\ndata: {Document("STARTED")}\n\n: keep-alive\n\n"),
            async context =>
            {
                context.Response.ContentType = "text/event-stream";
                await context.Response.WriteAsync($"event: task\nid: e2\ndata: {Document("SUCCESS", Made)}\n\n");
                await context.Response.Body.FlushAsync();
                await Fixtures.Eventually.Async(() => Output.ToString().Contains("SUCCESS", StringComparison.Ordinal));
                await stop.CancelAsync();
            });
        Variables["IGA_SERVER"] = server.Address.ToString();

        Assert.Equal(ExitCode.Cancelled, await RunAsync(stop.Token, "watch", "--workflow", "w"));

        Assert.Equal([null, "e1"], server.Requests.Select(request => (string?)request.Headers["Last-Event-ID"]));
        Assert.All(server.Requests, request => Assert.Equal("GET /v1/tasks/events?workflow_id=w", request.Line));
        Assert.Equal(2, Output.ToString().Trim().Split('\n').Length);
    }
}
