using Iga.Tests.EndToEnd;

namespace Iga.Tests.Page;

/// <summary>The page in a browser, on a service that asks for a key.</summary>
public sealed class PageKeyTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    [Fact]
    public async Task A_key_is_asked_for_once_and_kept_for_the_tab_alone()
    {
        const string key = "sixteen-or-more-characters";
        await using var service = await OwnService.StartAsync(settings => settings["IGA_API_KEYS"] = key);

        await browser.RunAsync("safety", "keyIsAskedFor", new { url = service.Client.BaseAddress, key });
        var made = await browser.RunAsync("making", "isMadeByTheCopiedCommand", new { url = service.Client.BaseAddress, prompt = "it's mine", key });

        Assert.True(made.TryGetProperty("task_id", out _), made.ToString());
    }
}
