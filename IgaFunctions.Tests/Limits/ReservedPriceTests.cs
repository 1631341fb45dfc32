using Iga.Tests.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Limits;

/// <summary>What a picture is reckoned at, before it is known what it costs.</summary>
public sealed class ReservedPriceTests
{
    [Fact]
    public async Task A_model_whose_price_is_not_known_counts_as_the_dearest()
    {
        await using var lab = await Lab.StartAsync(new()
        {
            ["IGA_DAILY_SPEND_LIMIT"] = "0.23",
            ["IGA_ALLOWED_MODEL_IDS"] = "gemini-3.1-flash-image,gemini-9-image",
        });
        var caller = new NamedCaller(lab.Service, null);

        Assert.Equal(DailySpendTests.Refused, (await caller.PostAsync(Caller.NewKey(), new { prompt = "p", model_id_override = "gemini-9-image" })).Outcome);
        Assert.Equal(DailySpendTests.Accepted, (await caller.PostAsync()).Outcome);
    }

    [Fact]
    public async Task What_the_dearest_model_that_may_step_in_costs_is_reserved()
    {
        await using var lab = await Lab.StartAsync(new()
        {
            ["IGA_DAILY_SPEND_LIMIT"] = "0.1",
            ["IGA_MODEL_FALLBACKS"] = "gemini-3-pro-image",
        });

        Assert.Equal(DailySpendTests.Refused, (await new NamedCaller(lab.Service, null).PostAsync()).Outcome); // 0.067, or 0.134
    }
}
