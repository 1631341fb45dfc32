using Iga.Models.Catalog;

namespace Iga.Tests.Models;

public sealed class ModelFamilyTests
{
    [Theory]
    [InlineData("imagen-4.0-generate-001", "predict")]
    [InlineData("imagen-3.0-fast-generate-001", "predict")]
    [InlineData("imagegeneration@006", "predict")]
    [InlineData("gemini-3.1-flash-image", "generateContent")]
    [InlineData("gemini-2.5-flash-image", "generateContent")]
    public void The_family_follows_the_model_id(string modelId, string method) =>
        Assert.Equal(method, ModelFamily.Of(modelId)?.Dialect.Method);

    [Theory]
    [InlineData("")]
    [InlineData("gemini")]
    [InlineData("stable-diffusion")]
    [InlineData("Gemini-3.1-flash-image")]
    [InlineData("gemini-3/../../x")]
    [InlineData("gemini-..")]
    [InlineData("imagen:predict?x=")]
    public void Other_ids_have_no_family(string modelId) => Assert.Null(ModelFamily.Of(modelId));

    [Theory]
    [InlineData("a")]
    [InlineData("imagegeneration@006")]
    [InlineData("0a_b-c.d@e")]
    public void Ids_of_the_right_form_are_valid(string modelId) => Assert.True(ModelIdSyntax.IsValid(modelId));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("@a")]
    [InlineData("a..b")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("a%2fb")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("A")]
    [InlineData("ä")]
    public void Ids_that_could_reach_elsewhere_are_not_valid(string? modelId) => Assert.False(ModelIdSyntax.IsValid(modelId));

    [Fact]
    public void Ids_have_at_most_128_characters()
    {
        Assert.True(ModelIdSyntax.IsValid(new string('a', 128)));
        Assert.False(ModelIdSyntax.IsValid(new string('a', 129)));
    }
}
