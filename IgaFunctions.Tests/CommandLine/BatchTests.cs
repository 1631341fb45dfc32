using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.CommandLine.Server;
using Iga.Tests.Models;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.CommandLine;

/// <summary><c>generate</c> with several prompts, with a service that has one task a key.</summary>
public sealed class BatchTests : CommandRun
{
    /// <summary>Idempotency keys in the order in which they were posted, and the prompt of each.</summary>
    private readonly ConcurrentQueue<(string Key, string Prompt)> _posts = new();

    private readonly ConcurrentDictionary<string, string> _prompts = new();
    private readonly ConcurrentQueue<string> _downloads = new();
    private readonly TestTime _time = new();
    private int _refusals;

    [Fact]
    public async Task Each_prompt_is_a_picture_in_a_file_of_its_own_and_a_second_run_fetches_nothing_again()
    {
        await using var server = await ScriptedServer.StartAsync(AnswerAsync);

        Assert.Equal(ExitCode.Success, await RunAsync(server, ["a cat", "a dog", "a cat"]));

        var files = Output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, files.Distinct().Count());
        Assert.All(files, file => Assert.True(File.Exists(file)));
        Assert.Equal("a cat", await File.ReadAllTextAsync(files[0], TestContext.Current.CancellationToken));
        Assert.Equal("a dog", await File.ReadAllTextAsync(files[1], TestContext.Current.CancellationToken));
        Assert.Contains("3 saved", Error.ToString(), StringComparison.Ordinal);

        Assert.Equal(ExitCode.Success, await RunAsync(server, ["a cat", "a dog", "a cat"]));

        Assert.Equal(3, _posts.Select(post => post.Key).Distinct().Count());
        Assert.Equal(3, _downloads.Count);
        Assert.Contains("3 there already", Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(files.Order(), Directory.EnumerateFiles(Folder.Path).Order());

        Assert.Equal(ExitCode.Success, await RunAsync(server, ["a cat"], name: "anew"));
        Assert.Equal(4, _posts.Select(post => post.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_failure_keeps_no_other_picture_from_being_made_and_is_told_with_its_prompt()
    {
        await using var server = await ScriptedServer.StartAsync(AnswerAsync);

        Assert.Equal(ExitCode.Failure, await RunAsync(server, ["a cat", "something blocked", "a dog"], json: true));

        var results = Output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(["a cat", "something blocked", "a dog"], results.Select(result => $"{result["prompt"]}"));
        Assert.Equal([false, true, false], results.Select(result => result["error"] is not null));
        Assert.Contains("2/3 something blocked: prompt_blocked: no", Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("2 saved, 1 failed", Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Directory.EnumerateFiles(Folder.Path).Count());
    }

    [Fact]
    public async Task A_service_without_room_is_asked_again_when_it_says_so()
    {
        await using var server = await ScriptedServer.StartAsync(AnswerAsync);
        _refusals = 1;

        Assert.Equal(ExitCode.Success, await RunAsync(server, ["a cat"]));

        Assert.Equal(2, _posts.Count);
        Assert.Single(_posts.Distinct());
        Assert.InRange(Assert.Single(_time.ShortWaits), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)); // a part of a second more, by chance
    }

    [Fact]
    public void What_is_asked_for_makes_the_key()
    {
        var plain = BatchItem.Of(["a cat", "a cat"], new GenerateArguments(""), "");

        Assert.NotEqual(plain[0].Key, plain[1].Key);
        Assert.Equal(plain[0].Key, BatchItem.Of(["a dog", "a cat"], new GenerateArguments(""), "")[1].Key);
        Assert.NotEqual(plain[0].Key, BatchItem.Of(["a cat"], new GenerateArguments("", "16:9"), "")[0].Key);
        Assert.All(plain, item => Assert.Matches("^[ -~]{1,255}$", item.Key));
    }

    [Fact]
    public void A_file_of_prompts_is_read_without_its_blank_lines()
    {
        File.WriteAllText(Folder["prompts.txt"], "a cat\n\n  a dog \r\n\t\n");

        Assert.Equal(["a cat", "a dog"], BatchPrompts.Read(Folder["prompts.txt"], TextReader.Null, out var problem));
        Assert.Null(problem);
        Assert.Equal(["x y"], BatchPrompts.Read("-", new StringReader("x y"), out _));
        Assert.Empty(BatchPrompts.Read("-", TextReader.Null, out problem));
        Assert.Contains("holds no prompt", problem, StringComparison.Ordinal);

        File.WriteAllBytes(Folder["latin1.txt"], [.. "caf"u8, 0xE9, (byte)'\n']);
        Assert.Empty(BatchPrompts.Read(Folder["latin1.txt"], TextReader.Null, out problem));
        Assert.Contains("is not UTF-8", problem, StringComparison.Ordinal);
    }

    private async Task<int> RunAsync(ScriptedServer server, string[] prompts, string name = "", bool json = false)
    {
        using var client = new TaskClient(new ServerAddress(server.Address, null), TimeProvider.System);
        return await new BatchRun(client, Output, Error, new BatchProgress(terminal: null, TextWriter.Null), _time)
            .RunAsync(new BatchArguments(prompts, new GenerateArguments("", Json: json), 2, name), Folder.Path, TestContext.Current.CancellationToken);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.ToString();
        context.Response.ContentType = "application/json";
        if (context.Request.Method == "POST")
        {
            var key = context.Request.Headers["X-Idempotency-Key"].ToString();
            _prompts[key] = $"{(await JsonNode.ParseAsync(context.Request.Body))!["prompt"]}";
            _posts.Enqueue((key, _prompts[key]));
            if (Interlocked.Decrement(ref _refusals) >= 0)
            {
                context.Response.StatusCode = 429;
                context.Response.Headers.RetryAfter = "1";
                await context.Response.WriteAsync("""{"error_code": "IGA_TOO_MANY_TASKS", "message": "later"}""");
                return;
            }

            context.Response.StatusCode = 202;
            await context.Response.WriteAsync($$"""{"task_id": "{{key}}", "status_url": "/v1/tasks/{{key}}"}""");
            return;
        }

        var id = path.Split('/')[3];
        if (path.EndsWith("/image", StringComparison.Ordinal))
        {
            _downloads.Enqueue(id);
            context.Response.ContentType = "image/png";
            await context.Response.WriteAsync(_prompts[id]);
            return;
        }

        await context.Response.WriteAsync(_prompts[id].Contains("blocked", StringComparison.Ordinal)
            ? $$$"""{"task_id": "{{{id}}}", "status": "FAILURE", "result": {"error": {"type": "prompt_blocked", "message": "no"} } }"""
            : $$$"""{"task_id": "{{{id}}}", "status": "SUCCESS", "result": {"image_url": "gs://b/{{{id}}}.png"}, "details": {"size_bytes": {{{_prompts[id].Length}}}, "price_usd": 0.039 } }""");
    }
}
