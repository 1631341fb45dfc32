using Iga.Bucket;
using Iga.Configuration;
using Iga.LocalHost.Host;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Connections;

/// <summary>The descriptors of a process are divided so that callers leave the tasks what those need.</summary>
public sealed class DescriptorBudgetTests
{
    private const int MostActivities = 2048;
    private const int Pool = 32;

    [Theory]
    [InlineData(1024, true, 152, 48)]
    [InlineData(1024, false, 190, 126)]
    [InlineData(20_000, true, 10_000, 2_048)]
    [InlineData(1_048_576, true, 10_000, 2_048)]
    [InlineData(int.MaxValue, false, 10_000, 2_048)]
    public void By_default_it_follows_from_the_limit(int limit, bool isEmbedded, int connections, int activities)
    {
        var budget = Divide(limit, isEmbedded, asked: null, out var errors);

        Assert.Empty(errors);
        Assert.Equal((connections, activities), (budget.Connections, budget.Activities));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_together_never_take_more_than_there_are(bool isEmbedded)
    {
        for (var limit = 600; limit < 40_000; limit += 37)
        {
            foreach (var asked in (int?[])[null, 32, limit / 4, limit])
            {
                var budget = Divide(limit, isEmbedded, asked, out var errors);
                var uploads = Math.Min(budget.Activities, GcsImageStore.UploadsAtOnce);
                var needed = 300 + Pool + budget.Connections + (isEmbedded ? 64 + 96 : 32)
                    + (budget.Activities * (isEmbedded ? 2 : 1)) + (uploads * (isEmbedded ? 4 : 2));
                Assert.True(needed <= limit || errors.Count > 0, $"{needed} of {limit} with {asked}");
            }
        }
    }

    [Fact]
    public void Ten_thousand_activities_fit_where_the_environment_asks_for_them()
    {
        var budget = Divide(20_000, isEmbedded: false, asked: null, out var errors, mostActivities: 10_000);

        Assert.Empty(errors);
        Assert.Equal(10_000, budget.Activities);
    }

    [Fact]
    public void What_was_asked_for_is_taken_from_the_tasks()
    {
        var budget = Divide(1024, isEmbedded: false, asked: 500, out var errors);

        Assert.Empty(errors);
        Assert.Equal((500, 22), (budget.Connections, budget.Activities));
    }

    [Theory]
    [InlineData(1024, 545, "IGA_MAX_CONNECTIONS is '545': must be at most 544, since the process may have 1024 files and sockets open (ulimit -n)")]
    [InlineData(400, null, "has to be 512 or more")]
    public void What_does_not_fit_is_an_error_that_says_what_would(int limit, int? asked, string told)
    {
        Divide(limit, isEmbedded: false, asked, out var errors);

        Assert.Contains(told, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IGA_MAX_CONNECTIONS", "many")]
    [InlineData("IGA_MAX_CONNECTIONS", "31")]
    [InlineData("IGA_KEEP_ALIVE_SECONDS", "0")]
    public void A_setting_that_makes_no_sense_is_named(string name, string value)
    {
        var wrong = Assert.Throws<ConfigurationException>(() => HostConfiguration.Check(
            new ConfigurationBuilder().AddInMemoryCollection([new(name, value)]).Build()));

        Assert.Contains($"{name} is '{value}'", Assert.Single(wrong.Errors), StringComparison.Ordinal);
    }

    private static DescriptorBudget Divide(int limit, bool isEmbedded, int? asked, out IReadOnlyList<string> errors, int mostActivities = MostActivities)
    {
        Settings settings = new(new ConfigurationBuilder().Build());
        var budget = DescriptorBudget.Divide(
            limit, Pool, new EmbeddingPlan(isEmbedded, isEmbedded, isEmbedded), mostActivities, asked, settings);
        errors = Record.Exception(settings.ThrowIfInvalid) is ConfigurationException wrong ? wrong.Errors : [];
        return budget;
    }
}
