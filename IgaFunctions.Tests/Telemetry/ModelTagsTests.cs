using Iga.Telemetry;

namespace Iga.Tests.Telemetry;

public sealed class ModelTagsTests
{
    [Fact]
    public void After_a_hundred_models_the_further_ones_are_counted_together()
    {
        var tags = new ModelTags();
        var first = Enumerable.Range(0, ModelTags.Most).Select(n => $"gemini-{n}").ToArray();

        Assert.Equal(first, first.Select(tags.Of));
        Assert.Equal([ModelTags.Other, ModelTags.Other], ((string[])["gemini-x", "gemini-y"]).Select(tags.Of));
        Assert.Equal(first, first.Select(tags.Of));
    }
}
