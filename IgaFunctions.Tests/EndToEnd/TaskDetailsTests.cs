using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>Who asks for the details of a task is told its course, whatever its state.</summary>
public class TaskDetailsTests(Service service)
{
    private static readonly string[] Members =
    [
        "workflow_id", "idempotency_key", "created_at", "started_at", "ended_at", "size_bytes", "content_type", "crc32c", "model", "image_size",
        "prompt_tokens", "output_tokens", "thought_tokens", "price_usd", "attempts", "timings", "callback",
    ];

    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"told {Guid.NewGuid()}";

    [Fact]
    public async Task A_picture_that_took_two_calls_has_both_and_the_times_that_it_took()
    {
        await service.ModelFaultAsync(_prompt, "return-429", retryAfter: 3);
        await service.ModelFaultAsync(_prompt, "latency-300ms");
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt }, "the workflow");
        await service.Client.WaitAsync(id);

        var details = await DetailsAsync(id);

        Assert.Equal("the workflow", details.GetProperty("workflow_id").GetString());
        Assert.Equal(_key, details.GetProperty("idempotency_key").GetString());
        var attempts = details.GetProperty("attempts").EnumerateArray().ToArray();
        Assert.Equal(["quota_exhausted", null], attempts.Select(TypeOf));
        Assert.All(attempts, attempt => Assert.Equal("gemini-3.1-flash-image", attempt.GetProperty("model").GetString()));
        Assert.NotEmpty(attempts[0].GetProperty("fault").GetProperty("message").GetString()!);
        Assert.InRange(attempts[1].GetProperty("seconds").GetDouble(), 0.3, 60);
        string[] times = [Text(details, "created_at"), Text(details, "started_at"), Text(attempts[0], "at"), Text(attempts[1], "at"), Text(details, "ended_at")];
        Assert.All(times, time => Assert.True(IsRfc3339(time), time));
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        var timings = details.GetProperty("timings");
        Assert.Equal(["queued_seconds", "model_seconds", "upload_seconds", "total_seconds"], timings.EnumerateObject().Select(field => field.Name));
        Assert.All(timings.EnumerateObject(), timing => Assert.InRange(timing.Value.GetDouble(), 0, 60));
        Assert.InRange(timings.GetProperty("total_seconds").GetDouble(), 2, 60);
        Assert.Equal(
            attempts.Sum(attempt => attempt.GetProperty("seconds").GetDouble()), timings.GetProperty("model_seconds").GetDouble(), 3);
    }

    [Fact]
    public async Task A_task_that_failed_says_what_each_call_failed_of_and_still_does_when_its_key_has_a_new_task()
    {
        await service.ModelFaultAsync(_prompt, "finish-NO_IMAGE", count: 2);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });
        await service.Client.WaitAsync(id);
        var details = await DetailsAsync(id);
        Assert.Equal(["no_image_returned", "no_image_returned"], details.GetProperty("attempts").EnumerateArray().Select(TypeOf));
        Assert.Equal(JsonValueKind.Null, details.GetProperty("price_usd").ValueKind);
        Assert.Equal(JsonValueKind.Null, details.GetProperty("timings").GetProperty("upload_seconds").ValueKind);

        await service.Client.GenerateAsync(_key, new { prompt = _prompt });

        Assert.True(JsonElement.DeepEquals(details, await DetailsAsync(id)), $"{await DetailsAsync(id)}");
    }

    [Fact]
    public async Task A_task_in_flight_says_what_is_known_of_it()
    {
        await service.ModelFaultAsync(_prompt, "return-429", retryAfter: 30);
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });
        Assert.Equal(_key, (await DetailsAsync(id)).GetProperty("idempotency_key").GetString());
        await service.Client.WaitAsync(id, "RETRY");
        await service.Client.CancelAsync(id);
        await service.Client.WaitAsync(id);

        var details = await DetailsAsync(id);

        Assert.Equal(JsonValueKind.Null, details.GetProperty("size_bytes").ValueKind);
        Assert.True(IsRfc3339(Text(details, "ended_at")));
    }

    [Fact]
    public async Task Without_being_asked_for_they_are_not_there()
    {
        var id = await service.Client.SubmitAsync(_key, new { prompt = _prompt });

        Assert.Equal(["task_id", "status", "result"], (await service.Client.WaitAsync(id)).EnumerateObject().Select(field => field.Name));
    }

    private async Task<JsonElement> DetailsAsync(Guid id)
    {
        var details = await service.Client.DetailsAsync(id);
        Assert.Equal(Members, details.EnumerateObject().Select(field => field.Name));
        return details;
    }

    private static string? TypeOf(JsonElement attempt) =>
        attempt.GetProperty("fault") is { ValueKind: JsonValueKind.Object } fault ? fault.GetProperty("type").GetString() : null;

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static bool IsRfc3339(string text) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
}
