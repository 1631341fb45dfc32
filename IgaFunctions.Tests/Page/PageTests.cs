using System.Text.Json;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Page;

/// <summary>The page in a browser, on a service that makes pictures.</summary>
public class PageTests(Service service, PageBrowser browser) : IClassFixture<PageBrowser>
{
    private readonly string _prompt = $"a boat, number {Guid.NewGuid():N}";

    private string Url => service.Client.BaseAddress!.ToString();

    [Fact]
    public Task A_prompt_is_submitted_and_becomes_a_picture() => MakingAsync("becomesAPicture", new { url = Url, prompt = _prompt });

    [Fact]
    public async Task A_failure_is_told_in_words()
    {
        await service.ModelFaultAsync(_prompt, "blocked-prompt-200", count: 9);

        await MakingAsync("failureIsTold", new { url = Url, prompt = _prompt });
    }

    [Fact]
    public async Task A_task_is_cancelled()
    {
        await service.ModelFaultAsync(_prompt, "return-429", count: 9, retryAfter: 60);

        await MakingAsync("isCancelled", new { url = Url, prompt = _prompt });
    }

    [Fact]
    public async Task A_task_that_failed_is_tried_again()
    {
        await service.ModelFaultAsync(_prompt, "blocked-prompt-200");

        await MakingAsync("isTriedAgain", new { url = Url, prompt = _prompt });
    }

    [Fact]
    public async Task Tasks_are_found_by_state_time_and_workflow_and_the_address_keeps_it()
    {
        var workflow = $"wf-{Guid.NewGuid():N}";
        var other = $"a kite, number {Guid.NewGuid():N}";
        await service.ModelFaultAsync(_prompt, "blocked-prompt-200", count: 9);
        await service.Client.WaitAsync(await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt }, workflow));
        await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = other });

        await MakingAsync("isFound", new { url = Url, prompt = _prompt, other, workflow });
    }

    [Fact]
    public async Task The_most_expensive_pictures_come_first()
    {
        foreach (var size in new[] { "1K", "2K" })
        {
            await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = $"{_prompt} {size}", image_size = size });
        }

        await MakingAsync("dearestIsFirst", new { url = Url });
    }

    [Fact]
    public async Task The_copied_command_makes_the_picture_of_just_this_prompt()
    {
        var prompt = $"it's \"$HOME\" `id` $(id) \\ !x ; & | > %s\n'' 日本 @f {_prompt}";

        var accepted = await MakingAsync("isMadeByTheCopiedCommand", new { url = Url, prompt, key = (string?)null });

        var ended = await service.Client.WaitAsync(accepted.GetProperty("task_id").GetGuid());
        Assert.Equal(prompt, ended.GetProperty("result").GetProperty("prompt_used").GetString());
    }

    private Task<JsonElement> MakingAsync(string scenario, object arguments) => browser.RunAsync("making", scenario, arguments);
}
