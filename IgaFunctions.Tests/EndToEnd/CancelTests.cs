using System.Net;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A task can be cancelled at whatever it is, and then leaves nothing.</summary>
public class CancelTests(Service service)
{
    private readonly string _key = Caller.NewKey();
    private readonly string _prompt = $"cancelled {Guid.NewGuid()}";

    [Fact]
    public async Task A_task_in_a_call_of_the_model_ends_without_an_upload_and_its_key_takes_a_new_task()
    {
        await service.ModelFaultAsync(_prompt, "latency-4000ms");
        var id = await SubmitAsync();
        await Eventually.Async(async () => await service.ModelCallsAsync(_prompt) == 1);

        await CancelAsync(id);

        var next = await SubmitAsync();
        Assert.NotEqual(id, next);
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(next)).GetProperty("status").GetString());
        Assert.Single(await service.ObjectsOfAsync(_key));
        Controls.AssertCancelled((await service.Client.PollAsync(id)).Body);
        Assert.Equal(HttpStatusCode.OK, (await service.Client.CancelAsync(id)).Status);
    }

    [Fact]
    public async Task A_task_that_waits_to_try_again_ends_at_once_and_the_model_is_not_called_again()
    {
        await service.ModelFaultAsync(_prompt, "return-429", count: 9, retryAfter: 30);
        var id = await SubmitAsync();
        await service.Client.WaitAsync(id, "RETRY");
        var calls = await service.ModelCallsAsync(_prompt);

        await CancelAsync(id);

        Assert.Equal(calls, await service.ModelCallsAsync(_prompt));
    }

    [Fact]
    public async Task A_task_whose_picture_waits_for_the_bucket_ends_at_once_without_an_object()
    {
        await service.UploadFaultAsync(Service.ObjectStemOf(_key), "return-503", count: 500);
        var id = await SubmitAsync();
        await service.Client.WaitAsync(id, "RETRY");

        await CancelAsync(id);

        Assert.Empty(await service.ObjectsOfAsync(_key));
    }

    [Theory]
    [InlineData("stall-for-30s", 0)]
    [InlineData("stall-for-30s-after-body", 1)]
    public async Task A_task_in_its_upload_ends_without_an_object_whether_or_not_that_was_stored(string fault, int stored)
    {
        await service.UploadFaultAsync(Service.ObjectStemOf(_key), fault);
        var id = await SubmitAsync();
        await Eventually.Async(async () => (await service.Client.DetailsAsync(id)).GetProperty("size_bytes").ValueKind == JsonValueKind.Number);
        await Eventually.Async(async () => (await service.ObjectsOfAsync(_key)).Length == stored);

        await CancelAsync(id);

        Assert.Empty(await service.ObjectsOfAsync(_key));
        var next = await service.Client.GenerateAsync(_key, new { prompt = _prompt });
        Assert.Equal("SUCCESS", next.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData(null, "SUCCESS")]
    [InlineData("blocked-prompt-400", "FAILURE")]
    public async Task A_task_that_has_ended_stays_as_it_is(string? fault, string status)
    {
        if (fault is not null)
        {
            await service.ModelFaultAsync(_prompt, fault);
        }

        var id = await SubmitAsync();
        var ended = await service.Client.WaitAsync(id);

        var answer = await service.Client.CancelAsync(id);

        Controls.AssertError(answer, 409, "IGA_TASK_ENDED");
        Assert.Contains(status, answer.Body.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.True(JsonElement.DeepEquals(ended, (await service.Client.PollAsync(id)).Body));
    }

    [Fact]
    public async Task Of_a_cancel_and_a_completion_at_once_one_wins_and_the_answer_says_which()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await service.ModelFaultAsync(_prompt, "latency-200ms", count: 20);
        var delays = Enumerable.Range(0, 20).Select(_ => (int)Math.Pow(random.Next(45), 2)).ToArray();

        var ends = await Task.WhenAll(delays.Select((delay, i) => RaceAsync($"{_key}-{i}", $"{_prompt} {i}", delay)));

        TestContext.Current.TestOutputHelper?.WriteLine($"{ends.Count(isCancelled => isCancelled)} of {ends.Length} were cancelled");
    }

    private async Task<bool> RaceAsync(string key, string prompt, int delay)
    {
        var id = await service.Client.SubmitAsync(key, new { prompt });
        await Eventually.Async(async () => await service.ModelCallsAsync(prompt) == 1);
        await Task.Delay(delay); // the moment is what is random here
        var answer = await service.Client.CancelAsync(id);
        var end = await service.Client.WaitAsync(id);
        if (answer.Status == HttpStatusCode.Conflict)
        {
            Assert.True(end.GetProperty("status").GetString() == "SUCCESS", end.ToString());
            Assert.Single(await service.ObjectsOfAsync(key));
            return false;
        }

        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{answer}");
        Controls.AssertCancelled(end);
        Assert.Empty(await service.ObjectsOfAsync(key));
        return true;
    }

    private Task<Guid> SubmitAsync() => service.Client.SubmitAsync(_key, new { prompt = _prompt });

    private async Task CancelAsync(Guid id)
    {
        var (status, body) = await service.Client.CancelAsync(id);
        Assert.Equal(["task_id", "status", "result"], body.EnumerateObject().Select(field => field.Name));
        Assert.Equal(id, body.GetProperty("task_id").GetGuid());
        var hasEnded = body.GetProperty("status").GetString() == "FAILURE";
        Assert.Equal(hasEnded ? HttpStatusCode.OK : HttpStatusCode.Accepted, status);
        await Eventually.Async(async () => (await service.Client.PollAsync(id)).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(10), "it ends");
        Controls.AssertCancelled((await service.Client.PollAsync(id)).Body);
    }
}
