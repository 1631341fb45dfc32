using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What a caller reads when the model or the bucket misbehaves.</summary>
public class FailureTests(Service service)
{
    [Theory]
    [InlineData("blocked-prompt-400", "prompt_blocked")]
    [InlineData("blocked-prompt-200", "prompt_blocked")]
    [InlineData("finish-SAFETY", "prompt_blocked")]
    [InlineData("block-OTHER", "prompt_blocked")]
    [InlineData("refusal-not-submitted", "prompt_blocked")]
    [InlineData("text-only", "no_image_returned")]
    [InlineData("finish-MAX_TOKENS", "no_image_returned")]
    [InlineData("not-an-image", "no_image_returned")]
    [InlineData("oversized-60M", "no_image_returned")]
    [InlineData("return-404", "model_not_found")]
    [InlineData("return-400", "model_rejected_request")]
    [InlineData("return-403", "model_rejected_request")]
    [InlineData("error-404-in-200", "model_not_found")]
    public async Task A_permanent_fault_of_the_model_fails_the_task_at_once(string fault, string type)
    {
        (var key, var prompt) = (Caller.NewKey(), $"{fault} {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, fault);

        var body = await service.Client.GenerateAsync(key, new { prompt });

        Controls.AssertFailed(body, type);
        Assert.Equal(1, await service.ModelCallsAsync(prompt));
        Assert.Empty(await service.ObjectsOfAsync(key));
    }

    [Theory]
    [InlineData("return-503")]
    [InlineData("return-500")]
    [InlineData("return-429")]
    [InlineData("return-408")]
    [InlineData("return-reset-connection")]
    [InlineData("reset-inside-body")]
    [InlineData("truncate-body")]
    [InlineData("malformed-json")]
    [InlineData("error-503-in-200-array")]
    [InlineData("picture-cut")]
    [InlineData("picture-without-end")]
    [InlineData("picture-bad-checksum")]
    [InlineData("picture-zero-size")]
    [InlineData("no-predictions")]
    [InlineData("finish-NO_IMAGE")]
    public async Task A_passing_fault_of_the_model_is_made_good(string fault)
    {
        (var key, var prompt) = (Caller.NewKey(), $"{fault} {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, fault);

        AssertSucceeded(await service.Client.GenerateAsync(key, new { prompt }));
        Assert.Equal(2, await service.ModelCallsAsync(prompt));
    }

    [Theory]
    [InlineData("answer-surrogate-text")]
    [InlineData("answer-deep-nesting")]
    [InlineData("answer-gzip")]
    [InlineData("answer-sse")]
    [InlineData("answer-thought-only")]
    public async Task A_whole_picture_is_stored_whatever_its_answer_looks_like(string fault)
    {
        (var key, var prompt) = (Caller.NewKey(), $"{fault} {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, fault);

        AssertSucceeded(await service.Client.GenerateAsync(key, new { prompt }));
        Assert.Equal(1, await service.ModelCallsAsync(prompt));
        Assert.Single(await service.ObjectsOfAsync(key));
    }

    [Fact]
    public async Task A_model_that_makes_no_picture_by_chance_is_not_asked_again_and_again()
    {
        (var key, var prompt) = (Caller.NewKey(), $"no image {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, "finish-NO_IMAGE", count: 3);

        Controls.AssertFailed(await service.Client.GenerateAsync(key, new { prompt }), "no_image_returned");
        Assert.Equal(2, await service.ModelCallsAsync(prompt));
    }

    [Fact]
    public async Task A_task_that_waits_to_try_again_is_seen_as_RETRY_and_obeys_the_model()
    {
        var prompt = $"quota {Guid.NewGuid()}";
        await service.ModelFaultAsync(prompt, "return-429", retryAfter: 4);
        var taskId = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt });

        var retry = await service.Client.WaitAsync(taskId, "RETRY");
        Assert.Equal(JsonValueKind.Null, retry.GetProperty("result").ValueKind);
        Assert.Equal(1, await service.ModelCallsAsync(prompt));

        AssertSucceeded(await service.Client.WaitAsync(taskId));
        Assert.Equal(2, await service.ModelCallsAsync(prompt));
    }

    [Fact]
    public async Task A_jpeg_that_the_model_gives_for_a_png_is_stored_as_what_it_is()
    {
        (var key, var prompt) = (Caller.NewKey(), $"jpeg {Guid.NewGuid()}");
        await service.ModelFaultAsync(prompt, "jpeg");

        AssertSucceeded(await service.Client.GenerateAsync(key, new { prompt }));

        Assert.EndsWith(".jpg", Assert.Single(await service.ObjectsOfAsync(key)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return-503")]
    [InlineData("return-503-after-256K")]
    [InlineData("return-reset-connection")]
    [InlineData("return-reset-connection-after-body")]
    [InlineData("return-503-after-body")]
    [InlineData("wrong-crc32c")]
    public async Task A_passing_fault_of_an_upload_costs_no_second_picture(string fault)
    {
        (var key, var prompt) = (Caller.NewKey(), $"{fault} {Guid.NewGuid()}");
        await service.UploadFaultAsync(Service.ObjectStemOf(key), fault, count: 2);

        AssertSucceeded(await service.Client.GenerateAsync(key, new { prompt }));

        Assert.Equal(1, await service.ModelCallsAsync(prompt));
        Assert.Single(await service.ObjectsOfAsync(key));
    }

    [Fact]
    public async Task A_bucket_that_may_not_be_written_to_fails_the_task()
    {
        (var key, var prompt) = (Caller.NewKey(), $"denied {Guid.NewGuid()}");
        await service.UploadFaultAsync(Service.ObjectStemOf(key), "return-403");

        Controls.AssertFailed(await service.Client.GenerateAsync(key, new { prompt }), "storage_denied");
        Assert.Empty(await service.ObjectsOfAsync(key));
    }

    private static void AssertSucceeded(JsonElement body) =>
        Assert.True(body.GetProperty("status").GetString() == "SUCCESS", body.ToString());
}
