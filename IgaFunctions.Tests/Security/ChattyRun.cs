using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Emulators.Storage;
using Iga.Emulators.Vertex;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Security;

/// <summary>A service that is full of secrets, led through every kind of success and failure; and all that it said.</summary>
internal sealed class ChattyRun : IDisposable
{
    private readonly ConcurrentQueue<string> _answers = [];
    private HttpClient _client = null!;

    public Secrets Secrets { get; } = new();

    public IReadOnlyCollection<string> Output { get; private set; } = [];

    public IReadOnlyCollection<string> Errors { get; private set; } = [];

    /// <summary>Every answer, headers and body.</summary>
    public IReadOnlyCollection<string> Answers => _answers;

    /// <summary>The prompts that were sent: 50 characters that logs may show, then more.</summary>
    public ConcurrentBag<string> Prompts { get; } = [];

    /// <param name="variables">Beside those that it needs.</param>
    public static async Task<ChattyRun> RunAsync(Dictionary<string, string?> variables)
    {
        var run = new ChattyRun();
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions());
        await using var gcs = await GcsEmulator.StartAsync(new GcsEmulatorOptions { Buckets = [Service.Bucket] });
        await using var database = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var gate = TcpGate.To(server.Host!, server.Port);
        var role = await run.CreateRoleAsync(database, server.Database!);
        var settings = Service.SettingsFor(vertex.Address, gcs.Address, "");
        settings.Remove("IGA_POSTGRES_DB_URL");
        foreach ((var name, var value) in variables.Concat(new Dictionary<string, string?>
        {
            ["POSTGRES_HOST"] = "127.0.0.1",
            ["POSTGRES_PORT"] = $"{gate.Port}",
            ["POSTGRES_DB"] = server.Database,
            ["POSTGRES_USER"] = role,
            ["POSTGRES_PASSWORD"] = run.Secrets.Password,
            ["IGA_API_KEYS"] = $"cpoa:{run.Secrets.ApiKey},{run.Secrets.OtherApiKey}",
        }))
        {
            settings[name] = value;
        }

        await using var process = ServiceProcess.Start(settings);
        run._client = new HttpClient { BaseAddress = await process.ReadyAsync(), Timeout = TimeSpan.FromSeconds(60) };
        await Task.WhenAll(
            run.SucceedAsync(), run.FailAsync(vertex.Faults), run.RetryAsync(vertex.Faults), run.FailToStoreAsync(gcs.Faults),
            run.BeRefusedAsync(), run.ConflictAsync(database));
        await run.LoseTheDatabaseAsync(gate);

        Assert.Equal(0, await process.StopAsync());
        (run.Output, run.Errors) = (process.Output, process.Errors);
        Directory.Delete(settings["IGA_STAGING_DIR"]!, recursive: true);
        return run;
    }

    public void Dispose() => _client.Dispose();

    private async Task<string> CreateRoleAsync(NpgsqlDataSource database, string name)
    {
        var role = $"role_{Guid.NewGuid():N}";
        await database.ExecuteAsync($"create role {role} login password '{Secrets.Password}'; alter database {name} owner to {role}");
        return role;
    }

    private async Task SucceedAsync()
    {
        (var key, var prompt) = (Caller.NewKey(), NewPrompt("success"));
        var id = await PostAsync(key, new { prompt });
        await WaitAsync(id);
        await PostAsync(key, new { prompt });
        await PostAsync(key, new { prompt = prompt + " but another" });
        await SendAsync(HttpMethod.Get, $"/v1/tasks/{id}?code={Secrets.OtherApiKey}", key: null);
    }

    /// <summary>The model repeats in its error what it was sent, and more.</summary>
    private async Task FailAsync(FaultScript faults)
    {
        var prompt = NewPrompt("failure");
        faults.Add("vertex.generateContent", new Fault.ReturnStatus(400)
        {
            Message = $"Bad: \"{prompt}\" with Authorization: Bearer {Secrets.AccessToken}",
        }, match: prompt);
        await WaitAsync(await PostAsync(Caller.NewKey(), new { prompt }));
        prompt = NewPrompt("blocked");
        faults.Add("vertex.generateContent", "blocked-prompt-200", match: prompt);
        await WaitAsync(await PostAsync(Caller.NewKey(), new { prompt }));
    }

    private async Task RetryAsync(FaultScript faults)
    {
        var prompt = NewPrompt("retry");
        faults.Add("vertex.generateContent", "return-503", count: 3, match: prompt);
        await WaitAsync(await PostAsync(Caller.NewKey(), new { prompt }));
    }

    private async Task FailToStoreAsync(FaultScript faults)
    {
        var key = Caller.NewKey();
        faults.Add("storage.objects.insert", "return-403", match: Service.ObjectStemOf(key));
        await WaitAsync(await PostAsync(key, new { prompt = NewPrompt("not stored") }));
    }

    private async Task BeRefusedAsync()
    {
        foreach (var body in (object[])[new { prompt = 17 }, new { prompt = NewPrompt("no model"), model_id_override = "x" }])
        {
            await PostAsync(Caller.NewKey(), body);
        }

        await PostAsync(Caller.NewKey(), NewPrompt("no object"));
        await PostAsync(Caller.NewKey(), new { prompt = string.Concat(Enumerable.Repeat(NewPrompt("too long"), 60)) });
        await SendAsync(HttpMethod.Get, "/v1/tasks/none", Secrets.WrongApiKey);
        await SendAsync(HttpMethod.Get, $"/v1/tasks/none?code={Secrets.WrongApiKey}", key: null);
        await SendAsync(HttpMethod.Get, $"/nowhere?code={Secrets.ApiKey}", Secrets.ApiKey);
        await SendAsync(HttpMethod.Delete, $"/generate_image?code={Secrets.ApiKey}", key: null);
    }

    private async Task LoseTheDatabaseAsync(TcpGate gate)
    {
        gate.Refuse();
        await PostAsync(Caller.NewKey(), new { prompt = NewPrompt("no database") });
        await SendAsync(HttpMethod.Get, $"/v1/tasks/{Guid.NewGuid()}", Secrets.ApiKey);
        gate.Open();
        await Eventually.Async(async () =>
        {
            using var health = await _client.GetAsync("/health");
            return health.IsSuccessStatusCode;
        });
        await WaitAsync(await PostAsync(Caller.NewKey(), new { prompt = NewPrompt("after the outage") }));
    }

    private async Task ConflictAsync(NpgsqlDataSource database)
    {
        await database.ExecuteAsync(Claims.HoldElsewhere, "held-elsewhere");
        await WaitAsync(await PostAsync("held-elsewhere", new { prompt = NewPrompt("conflict") }));
    }

    private string NewPrompt(string of)
    {
        var head = $"A picture of {of} ".PadRight(50, '.')[..50];
        var prompt = $"{head}{Guid.NewGuid():N} and the rest of it";
        Prompts.Add(prompt);
        return prompt;
    }

    private async Task<Guid> PostAsync(string key, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/generate_image") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Idempotency-Key", key);
        request.Headers.Add("X-Workflow-ID", "workflow-1");
        request.Headers.Add("x-functions-key", Secrets.ApiKey);
        using var response = await _client.SendAsync(request);
        var text = await KeepAsync(response);
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.TryGetProperty("task_id", out var id) ? id.GetGuid() : Guid.Empty;
    }

    private async Task WaitAsync(Guid id)
    {
        await Eventually.Async(async () =>
        {
            var text = await SendAsync(HttpMethod.Get, $"/v1/tasks/{id}", Secrets.ApiKey);
            return text.Contains("SUCCESS", StringComparison.Ordinal) || text.Contains("FAILURE", StringComparison.Ordinal);
        });
    }

    private async Task<string> SendAsync(HttpMethod method, string path, string? key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add("x-functions-key", key);
        }

        using var response = await _client.SendAsync(request);
        return await KeepAsync(response);
    }

    private async Task<string> KeepAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        _answers.Enqueue($"{response.RequestMessage!.Method} {(int)response.StatusCode}\n{response.Headers}{text}");
        return text;
    }
}
