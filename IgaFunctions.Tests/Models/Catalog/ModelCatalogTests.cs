using System.Text;
using System.Text.Json;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;

namespace Iga.Tests.Models.Catalog;

public sealed class ModelCatalogTests
{
    [Theory]
    [InlineData("gemini-3.1-flash-image", "4:1", true)]
    [InlineData("gemini-3.1-flash-lite-image", "1:8", true)]
    [InlineData("gemini-nano-banana-2.1", "8:1", true)]
    [InlineData("gemini-3-pro-image", "4:1", false)]
    [InlineData("gemini-2.5-flash-image", "4:1", false)]
    [InlineData("gemini-3.1-flash-image", "9:21", false)]
    [InlineData("imagen-4.0-generate-001", "2:3", false)]
    public void Ratios_are_the_models_not_the_familys(string id, string ratio, bool isOffered) =>
        Assert.Equal(isOffered, ModelCatalog.BuiltIn.Find(id)!.Offer.AspectRatios.Contains(ratio));

    [Theory]
    [InlineData("gemini-3.1-flash-image", "512 1K 2K 4K")]
    [InlineData("gemini-nano-banana-2.1", "1K 2K 4K")]
    [InlineData("gemini-3.1-flash-lite-image", "1K")]
    [InlineData("gemini-3-pro-image", "1K 2K 4K")]
    [InlineData("gemini-2.5-flash-image", "")]
    public void Sizes_are_the_models(string id, string sizes) =>
        Assert.Equal(sizes, string.Join(' ', ModelCatalog.BuiltIn.Find(id)!.Offer.ImageSizes.Select(size => size.Size).OfType<string>()));

    [Theory]
    [InlineData("gemini-3.1-flash-image", null, 1120, 0.067)]
    [InlineData("gemini-3.1-flash-image", "512", 747, null)]
    [InlineData("gemini-3.1-flash-image", "4K", 2520, 0.151)]
    [InlineData("gemini-nano-banana-2.1", "4K", 3780, 0.1134)]
    [InlineData("gemini-2.5-flash-image", null, 1290, 0.039)]
    public void A_picture_costs_what_its_model_and_size_do(string id, string? size, int tokens, double? usd)
    {
        var found = ModelCatalog.BuiltIn.Find(id)!.Offer.SizeOf(size)!;

        Assert.Equal((tokens, (decimal?)usd), (found.OutputTokens, found.Usd));
    }

    [Fact]
    public void An_id_of_a_known_family_that_the_catalog_lacks_may_be_asked_for_all_that_the_family_offers()
    {
        Assert.False(ModelCatalog.BuiltIn.Has("gemini-9-image"));
        var model = ModelCatalog.BuiltIn.Find("gemini-9-image")!;

        Assert.True(model.Offer.Covers(new ImageRequest("p", "8:1", true, "gemini-9-image")
        {
            ImageSize = "4K",
            Seed = 1,
            OutputFormat = "jpeg",
            ReferenceImages = [.. Enumerable.Repeat("gs://b/a.png", 14)],
        }));
        Assert.True(model.IsServedIn("us-central1"));
        Assert.Null(ModelCatalog.BuiltIn.Find("dall-e"));
    }

    [Theory]
    [InlineData("1:1", null, null, 0, null, true)]
    [InlineData("4:1", null, null, 0, null, false)]
    [InlineData("1:1", "2K", null, 0, null, false)]
    [InlineData("1:1", null, "jpeg", 3, null, true)]
    [InlineData("1:1", null, null, 4, null, false)]
    [InlineData("1:1", null, null, 0, 7, true)]
    public void A_model_covers_what_it_offers(string ratio, string? size, string? format, int references, int? seed, bool covers) =>
        Assert.Equal(covers, ModelCatalog.BuiltIn.Find("gemini-2.5-flash-image")!.Offer.Covers(
            new ImageRequest("p", ratio, true, "x")
            {
                ImageSize = size,
                OutputFormat = format,
                ReferenceImages = references == 0 ? null : [.. Enumerable.Repeat("gs://b/a.png", references)],
                Seed = seed,
            }));

    [Theory]
    [InlineData("gemini-2.5-flash-image", null, "only-2k", false, null)]
    [InlineData("only-2k", null, "gemini-3.1-flash-image", true, "2K")]
    [InlineData("only-2k", null, "gemini-2.5-flash-image", false, null)]
    [InlineData("gemini-3.1-flash-image", "2K", "only-2k", true, null)]
    [InlineData("gemini-3.1-flash-image", null, "gemini-2.5-flash-image", true, null)]
    [InlineData("gemini-2.5-flash-image", null, "gemini-3.1-flash-image", true, null)]
    [InlineData("gemini-3.1-flash-image", "4K", "gemini-3-pro-image", true, "4K")]
    public void A_model_steps_in_with_a_picture_of_the_same_size(string requested, string? size, string fallback, bool stepsIn, string? asked)
    {
        var catalog = ModelCatalog.BuiltIn.With(Read("""{"models": [{"id": "only-2k", "family": "gemini", "image_sizes": [{"size": "2K"}]}]}"""));
        var models = new ModelOptions(requested, new Dictionary<string, string>(), new HashSet<string>(), [fallback], catalog);
        var request = new ImageRequest("p", "1:1", true, requested) { ImageSize = size };

        var candidates = models.CandidatesFor(request);

        Assert.Equal(stepsIn ? [request, request with { ModelId = fallback, ImageSize = asked }] : [request], candidates);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_model_that_takes_no_seed_with_the_watermark_does_not_step_in_for_one_that_does(bool addWatermark, bool covers) =>
        Assert.Equal(covers, ModelCatalog.BuiltIn.Find("imagen-9")!.Offer.Covers(
            new ImageRequest("p", "1:1", addWatermark, "imagen-9") { Seed = 7 }));

    [Fact]
    public void A_file_adds_models_and_replaces_those_of_the_same_id()
    {
        var catalog = ModelCatalog.BuiltIn.With(Read("""
            {"models": [
                {"id": "our-tuned-model", "family": "gemini", "aspect_ratios": ["5:3"], "image_sizes": [{"size": "2K", "usd": 1.5}]},
                {"id": "gemini-2.5-flash-image", "family": "gemini", "retired": "2027-03-15"}, // a comment
            ]}
            """));

        Assert.Equal(["5:3"], catalog.Find("our-tuned-model")!.Offer.AspectRatios);
        Assert.Equal("generateContent", catalog.Find("our-tuned-model")!.Dialect.Method);
        Assert.Equal(("2K", 1.5m), (catalog.Find("our-tuned-model")!.Offer.UsualSize.Size, catalog.Find("our-tuned-model")!.Offer.SizeOf(null)!.Usd));
        Assert.Equal("2027-03-15", catalog.Find("gemini-2.5-flash-image")!.Retired);
        Assert.Equal(14, catalog.Find("gemini-3-pro-image")!.Offer.MaxReferenceImages);
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("{}", "no list of models")]
    [InlineData("""{"models": [null]}""", "a model is null")]
    [InlineData("""{"models": [{"id": "a"}]}""", "family")]
    [InlineData("""{"models": [{"id": "a", "family": "dall-e"}]}""", "family of the model 'a' must be imagen or gemini")]
    [InlineData("""{"models": [{"id": "A/b", "family": "gemini"}]}""", "id of the model 'A/b'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini"}, {"id": "a", "family": "gemini"}]}""", "more than once")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "aspect_ratio": ["1:1"]}]}""", "aspect_ratio")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "aspect_ratios": []}]}""", "aspect_ratios of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "aspect_ratios": ["0:1"]}]}""", "aspect_ratios of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "image_sizes": []}]}""", "image_sizes of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "image_sizes": [{"size": "3K"}]}]}""", "must be of 512, 1K, 2K, 4K")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "image_sizes": [{}, {"size": "1K"}]}]}""", "each once")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "image_sizes": [{"size": "1K", "usd": -1}]}]}""", "negative")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "output_formats": ["gif"]}]}""", "must be of png, jpeg")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "max_reference_images": -1}]}""", "max_reference_images")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "until": "soon"}]}""", "until of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "retired": "2026"}]}""", "retired of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "locations": ["global", ""]}]}""", "locations of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "locations": [null]}]}""", "locations of the model 'a'")]
    [InlineData("""{"models": [{"id": "a", "id": "b", "family": "gemini"}]}""", "$.models[0].id")]
    [InlineData("""{"models": [{"id": "a", "family": "gemini", "image_sizes": [{"size": "1K", "usd": "0.1"}]}]}""", "$.models[0].image_sizes[0].usd in line 1")]
    public void A_wrong_file_is_refused_with_the_model_and_the_member(string json, string message) =>
        Assert.True(
            Assert.ThrowsAny<JsonException>(() => Read(json)).Message is var said && said.Contains(message, StringComparison.Ordinal)
                && !said.Contains("Iga.", StringComparison.Ordinal),
            said);

    [Theory]
    [InlineData("", "", 120)]
    [InlineData("", "4K", 240)]
    [InlineData("60", "4K", 60)]
    [InlineData("60 4K=300", "4K", 300)]
    [InlineData("60 4K=300", "2K", 60)]
    [InlineData("2K=90", "2K", 90)]
    [InlineData("2K=90", "1K", 120)]
    public void A_call_may_take_as_long_as_its_size_needs(string settings, string size, int seconds)
    {
        TimeSpan? all = null;
        var bySize = new Dictionary<string, TimeSpan>();
        foreach (var setting in settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var sides = setting.Split('=');
            var timeout = TimeSpan.FromSeconds(int.Parse(sides[^1], System.Globalization.CultureInfo.InvariantCulture));
            _ = sides.Length == 1 ? all = timeout : bySize[sides[0]] = timeout;
        }

        var offer = ModelCatalog.BuiltIn.Find("gemini-3.1-flash-image")!.Offer;

        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            new CallTimeouts(all, bySize).Of(offer.SizeOf(size.Length == 0 ? null : size)!));
    }

    private static IReadOnlyList<CatalogModel> Read(string json) => CatalogFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)));
}
