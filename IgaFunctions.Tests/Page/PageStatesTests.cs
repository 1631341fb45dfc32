using System.Text.Json;
using Iga.Tests.EndToEnd;

namespace Iga.Tests.Page;

/// <summary>
/// The page in a browser, with a double of the API behind it: for what a real service comes to only by chance. The page itself is a
/// real service's. With IGA_SCREENSHOTS, a folder, pictures are taken of each state.
/// </summary>
public sealed class PageStatesTests(OwnServiceFixture fixture, PageBrowser browser) : IClassFixture<OwnServiceFixture>, IClassFixture<PageBrowser>
{
    private Uri PageOf => fixture.Service.Client.BaseAddress!;

    [Theory]
    [InlineData("gallery")]
    [InlineData("empty")]
    [InlineData("nothing")]
    [InlineData("loading")]
    [InlineData("trouble")]
    [InlineData("refused")]
    [InlineData("key")]
    [InlineData("figures")]
    [InlineData("done")]
    [InlineData("failed")]
    [InlineData("running")]
    [InlineData("conflict")]
    [InlineData("gone")]
    public async Task Nobody_is_shut_out_of_a_state_in_either_scheme_at_any_width(string state)
    {
        var found = await browser.RunAsync("reach", "stateIsFine", new { pageOf = PageOf, state });

        Assert.Empty(found.EnumerateArray().Select(violation => violation.GetString()));
    }

    [Theory]
    [InlineData("reach", "keyboardGoesEverywhere")]
    [InlineData("safety", "textsStayTexts")]
    [InlineData("safety", "policyHolds")]
    [InlineData("safety", "keyGoesInAHeaderOnly")]
    [InlineData("trouble", "refusalsAreTold")]
    [InlineData("trouble", "listRecovers")]
    [InlineData("trouble", "livesWithoutStreams")]
    [InlineData("trouble", "streamsAreOpenedAgain")]
    [InlineData("trouble", "missedIsLookedUpOnce")]
    [InlineData("trouble", "pictureStays")]
    public Task The_page_does_as_the_scenario_says(string file, string scenario) => browser.RunAsync(file, scenario, new { pageOf = PageOf });

    [Fact]
    public async Task Of_ten_thousand_tasks_only_those_in_sight_are_in_the_document()
    {
        var seen = await browser.RunAsync("scale", "tenThousandScroll", new { pageOf = PageOf });

        Assert.InRange(seen.GetProperty("cards").GetInt32(), 5, 60);
        Assert.InRange(seen.GetProperty("elements").GetInt32(), 100, 1_200);
        Assert.InRange(seen.GetProperty("pictures").GetInt32(), 1, 60);
    }
}
