using Iga.Configuration;
using Iga.Models;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

public sealed class ModelOptionsTests
{
    [Theory]
    [InlineData("global", "https://aiplatform.googleapis.com/")]
    [InlineData("us", "https://aiplatform.us.rep.googleapis.com/")]
    [InlineData("eu", "https://aiplatform.eu.rep.googleapis.com/")]
    [InlineData("us-central1", "https://us-central1-aiplatform.googleapis.com/")]
    public void Each_kind_of_location_has_its_address(string location, string address) => Assert.Equal(
        new Uri(address), Read(("IGA_VERTEXAI_LOCATION", location), ("IGA_MODEL_CATALOG", null), ("IGA_VERTEXAI_IMAGE_MODEL_ID", "gemini-9-image")).Vertex.Endpoint);

    [Theory]
    [InlineData("imagen-4.0-generate-001", "global", "retired since 2026-06-30", "IGA_MODEL_ALIASES=imagen-4.0-generate-001=gemini-3.1-flash-image")]
    [InlineData("gemini-3-pro-image-preview", "global", "retired since 2026-07", "IGA_MODEL_ALIASES")]
    [InlineData("gemini-3.1-flash-image", "us-central1", "not served in us-central1", "IGA_VERTEXAI_LOCATION to global or us or eu")]
    [InlineData("gemini-nano-banana-2.1", "eu", "not served in eu", "IGA_VERTEXAI_LOCATION to global,")]
    [InlineData("gemini-2.5-flash-image", "asia-east1", "not served in asia-east1", "IGA_VERTEXAI_LOCATION to global or us-central1")]
    public void At_Google_a_default_model_that_can_not_be_had_stops_the_start_with_the_cure(
        string model, string location, string fault, string cure)
    {
        (string, string?)[] settings = [("IGA_VERTEXAI_IMAGE_MODEL_ID", model), ("IGA_VERTEXAI_LOCATION", location)];

        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => Read(settings)).Errors);

        Assert.StartsWith($"IGA_VERTEXAI_IMAGE_MODEL_ID is '{model}'", error, StringComparison.Ordinal);
        Assert.Contains(fault, error, StringComparison.Ordinal);
        Assert.Contains(cure, error, StringComparison.Ordinal);

        // Another endpoint has models of its own.
        Assert.Equal(model, Read([.. settings, ("IGA_VERTEX_ENDPOINT", "https://models.example/"), ("IGA_GOOGLE_TOKEN_HOSTS", "models.example")]).Models.DefaultModelId);
    }

    [Fact]
    public void A_retired_default_model_starts_under_the_alias_that_the_error_names() => Assert.Equal(
        "gemini-3.1-flash-image",
        Read(
            ("IGA_VERTEXAI_IMAGE_MODEL_ID", "imagen-4.0-generate-001"),
            ("IGA_MODEL_ALIASES", "imagen-4.0-generate-001=gemini-3.1-flash-image")).Models.DefaultModelId);

    [Theory]
    [InlineData("IGA_MODEL_FALLBACKS", "gemini-3-pro-image,dall-e", "IGA_MODEL_FALLBACKS is 'dall-e'")]
    [InlineData("IGA_MODEL_FALLBACKS", "imagegeneration@006", "IGA_MODEL_FALLBACKS is 'imagegeneration@006': the model is retired")]
    [InlineData("IGA_DEFAULT_IMAGE_SIZE", "3K", "must be 512, 1K, 2K, 4K")]
    [InlineData("IGA_REFERENCE_BUCKETS", "gs://other", "IGA_REFERENCE_BUCKETS is 'gs://other'")]
    [InlineData("IGA_MODEL_TIMEOUT_SECONDS", "0", "from 1 to 600")]
    [InlineData("IGA_MODEL_TIMEOUT_SECONDS", "120,3K=1", "IGA_MODEL_TIMEOUT_SECONDS is '3K=1'")]
    [InlineData("IGA_MODEL_TIMEOUT_SECONDS", "120,130", "IGA_MODEL_TIMEOUT_SECONDS is '130'")]
    [InlineData("IGA_MODEL_CATALOG", "/nowhere/models.json", "IGA_MODEL_CATALOG is '/nowhere/models.json': the file can't be used")]
    public void A_wrong_value_is_refused_with_what_is_allowed(string name, string value, string expected) => Assert.Contains(
        expected, Assert.Single(Assert.Throws<ConfigurationException>(() => Read((name, value))).Errors), StringComparison.Ordinal);

    [Fact]
    public void Lists_of_models_may_name_an_alias()
    {
        var models = Read(
            ("IGA_MODEL_ALIASES", "old=gemini-3.1-flash-image,pro=gemini-3-pro-image"),
            ("IGA_ALLOWED_MODEL_IDS", "old,gemini-3.1-flash-image"),
            ("IGA_MODEL_FALLBACKS", "pro")).Models;

        Assert.Equal(["gemini-3.1-flash-image"], models.AllowedModelIds);
        Assert.Equal(["gemini-3-pro-image"], models.Fallbacks);
    }

    [Fact]
    public void A_default_size_is_one_that_the_default_model_offers() => Assert.Contains(
        "gemini-3.1-flash-lite-image offers 1K",
        Assert.Single(Assert.Throws<ConfigurationException>(() => Read(
            ("IGA_DEFAULT_IMAGE_SIZE", "2K"), ("IGA_VERTEXAI_IMAGE_MODEL_ID", "gemini-3.1-flash-lite-image"))).Errors),
        StringComparison.Ordinal);

    [Fact]
    public void Timeouts_are_read_by_size()
    {
        var timeouts = Read(("IGA_MODEL_TIMEOUT_SECONDS", "90, 4K=300")).Vertex.Timeouts;

        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(300)), (timeouts.All, timeouts.BySize!["4K"]));
    }

    [Fact]
    public void A_catalog_file_brings_models_that_may_be_the_default()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"models": [{"id": "our-model", "family": "imagen", "aspect_ratios": ["7:3"], "locations": ["global"]}]}""");

        var options = Read(
            ("IGA_MODEL_CATALOG", file), ("IGA_VERTEXAI_IMAGE_MODEL_ID", "our-model"), ("IGA_DEFAULT_ASPECT_RATIO", "7:3"));

        Assert.True(options.Models.Catalog.Has("our-model"));
        File.Delete(file);
    }

    private static IgaOptions Read(params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string?>
        {
            ["IGA_POSTGRES_DB_URL"] = "postgresql://iga:s3cret@db/aethercast",
            ["IGA_VERTEXAI_PROJECT_ID"] = "my-project",
            ["IGA_VERTEXAI_LOCATION"] = "global",
            ["GCS_BUCKET_NAME"] = "my-bucket",
            ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
        };
        foreach (var (name, value) in changes)
        {
            variables[name] = value;
        }

        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(variables).Build());
        var options = IgaOptionsReader.Read(settings);
        settings.ThrowIfInvalid();
        return options;
    }
}
