using Iga.Telemetry;

namespace Iga.Tests.Telemetry;

public sealed class ModelTagsTests
{
    [Fact]
    public void After_a_hundred_models_the_further_ones_are_counted_together()
    {
        var tags = new ModelTags(id => id.StartsWith("gemini", StringComparison.Ordinal));
        var first = Enumerable.Range(0, ModelTags.Most).Select(n => $"gemini-{n}").ToArray();

        Assert.Equal(first, first.Select(tags.Of));
        Assert.Equal([ModelTags.Other, ModelTags.Other], ((string[])["gemini-x", "gemini-y"]).Select(tags.Of));
        Assert.Equal(first, first.Select(tags.Of));
    }

    [Fact]
    public void What_a_caller_made_up_is_no_value_of_the_tag()
    {
        var tags = new ModelTags(id => id == "gemini-1");

        Assert.Equal(["gemini-1", ModelTags.Other], ((string[])["gemini-1", "gemini-of-a-caller"]).Select(tags.Of));
    }
}
