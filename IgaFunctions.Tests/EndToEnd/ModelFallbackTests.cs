using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Other models that step in for one that can't be had.</summary>
public sealed class ModelFallbackTests(ModelFallbackTests.ServiceWithFallbacks fixture) : IClassFixture<ModelFallbackTests.ServiceWithFallbacks>
{
    private const string First = "gemini-3.1-flash-image";

    private readonly OwnService _service = fixture.Service;

    [Theory]
    [InlineData("return-404", "gemini-2.5-flash-image", 1)]
    [InlineData("return-429", "gemini-2.5-flash-image", 6)]
    [InlineData("return-503", "gemini-2.5-flash-image", 6)]
    public async Task The_next_model_makes_the_picture_and_the_result_says_so(string fault, string model, int calls)
    {
        var prompt = $"fallback {fault} {Guid.NewGuid()}";
        Script(prompt, fault, calls);
        var taskId = await _service.Client.SubmitAsync(Caller.NewKey(), new { prompt });

        var task = await _service.Client.WaitAsync(taskId);

        Assert.Equal($"vertex-ai-{model}", task.GetProperty("result").GetProperty("model_version").GetString());
        Assert.Equal([.. Enumerable.Repeat(First, calls), model], ModelsAsked(prompt));
        var details = await _service.Client.GetFromJsonAsync<JsonElement>($"/v1/tasks/{taskId}?include=details");
        Assert.Equal(model, details.GetProperty("details").GetProperty("model").GetString());
        Assert.Equal(0.039m, details.GetProperty("details").GetProperty("price_usd").GetDecimal());
        Assert.Equal(1290, details.GetProperty("details").GetProperty("output_tokens").GetInt64());

        // Three calls in quick succession are one attempt.
        var attempts = details.GetProperty("details").GetProperty("attempts").EnumerateArray();
        Assert.Equal(
            [.. Enumerable.Repeat(First, calls / 3 is 0 ? 1 : calls / 3), model],
            attempts.Select(attempt => attempt.GetProperty("model").GetString()));
    }

    [Theory]
    [InlineData("2K", "1:1", "gemini-3-pro-image")]
    [InlineData("512", "1:1", null)]
    [InlineData(null, "4:1", null)]
    public async Task Only_a_model_that_offers_what_was_asked_steps_in(string? size, string ratio, string? model)
    {
        var prompt = $"covers {Guid.NewGuid()}";
        Script(prompt, "return-404", 1);

        var task = await _service.Client.GenerateAsync(Caller.NewKey(), new { prompt, image_size = size, aspect_ratio = ratio });

        Assert.Equal(model is null ? [First] : [First, model], ModelsAsked(prompt));
        Assert.Equal(model is null ? "FAILURE" : "SUCCESS", task.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("blocked-prompt-400", "prompt_blocked")]
    [InlineData("return-400", "model_rejected_request")]
    [InlineData("return-403", "model_rejected_request")]
    public async Task No_other_model_is_asked_what_the_first_one_refused(string fault, string type)
    {
        var prompt = $"refused {Guid.NewGuid()}";
        Script(prompt, fault, 1);

        var task = await _service.Client.GenerateAsync(Caller.NewKey(), new { prompt });

        Controls.AssertFailed(task, type);
        Assert.Equal([First], ModelsAsked(prompt));
    }

    [Fact]
    public async Task When_all_are_gone_the_task_fails_with_the_last_reason()
    {
        var prompt = $"gone {Guid.NewGuid()}";
        Script(prompt, "return-404", 3);

        var task = await _service.Client.GenerateAsync(Caller.NewKey(), new { prompt });

        Controls.AssertFailed(task, "model_not_found");
        Assert.Equal([First, "gemini-2.5-flash-image", "gemini-3-pro-image"], ModelsAsked(prompt));
    }

    [Fact]
    public async Task A_picture_that_is_paid_for_is_stored_under_the_model_that_made_it_whatever_the_upload_takes()
    {
        var key = Caller.NewKey();
        var prompt = $"paid {Guid.NewGuid()}";
        Script(prompt, "return-404", 1);
        _service.Gcs.Faults.Add("storage.objects.insert", "return-503", count: 4, match: Fixtures.Service.ObjectStemOf(key));

        var task = await _service.Client.GenerateAsync(key, new { prompt });

        Assert.Equal("vertex-ai-gemini-2.5-flash-image", task.GetProperty("result").GetProperty("model_version").GetString());
        Assert.Equal([First, "gemini-2.5-flash-image"], ModelsAsked(prompt));
        Assert.Single(_service.ObjectsOf(key));
    }

    private void Script(string prompt, string fault, int count) =>
        _service.Vertex.Faults.Add("vertex.generateContent", fault, count, prompt);

    private string[] ModelsAsked(string prompt) =>
        [.. _service.Vertex.Log.Where(call => call.Prompt == prompt).Select(call => call.ModelId)];

    public sealed class ServiceWithFallbacks : IAsyncLifetime
    {
        internal OwnService Service { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Service = await OwnService.StartAsync(
            settings => settings["IGA_MODEL_FALLBACKS"] = "gemini-2.5-flash-image,gemini-3-pro-image");

        public ValueTask DisposeAsync() => Service.DisposeAsync();
    }
}
