using Iga.Bucket;
using Iga.Configuration;
using Iga.GenerateImage;
using Iga.Limits;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

public sealed class OptionsTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["POSTGRES_HOST"] = "db.internal",
        ["POSTGRES_USER"] = "iga",
        ["POSTGRES_PASSWORD"] = "s3cret",
        ["POSTGRES_DB"] = "aethercast",
        ["IGA_VERTEXAI_PROJECT_ID"] = "my-project",
        ["IGA_VERTEXAI_LOCATION"] = "global",
        ["GCS_BUCKET_NAME"] = "my-bucket",
        ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
    };

    [Fact]
    public void What_is_not_set_takes_the_documented_default()
    {
        var options = Read();

        Assert.Equal("gemini-3.1-flash-image", options.Models.DefaultModelId);
        Assert.Equal(("1:1", true, 4000, null), (options.Requests.DefaultAspectRatio, options.Requests.AddWatermark,
            options.Requests.MaxPromptChars, options.Requests.DefaultImageSize));
        Assert.Equal(["my-bucket"], options.Requests.ReferenceBuckets);
        Assert.Equal(new Uri("https://aiplatform.googleapis.com/"), options.Vertex.Endpoint);
        Assert.Empty(options.Models.Fallbacks);
        Assert.Equal(1, options.Vertex.NoImageRetries);
        Assert.Equal(TimeSpan.FromHours(1), options.Idempotency.LockTimeout);
        Assert.Equal(("processing", "completed", "failed"),
            (options.Idempotency.Processing, options.Idempotency.Completed, options.Idempotency.Failed));
        Assert.Equal(StorageOptions.GoogleEndpoint, options.Storage.Endpoint);
        Assert.True(options.Telemetry.LogPrompts);
    }

    [Fact]
    public void The_names_of_the_replaced_systems_common_file_are_understood()
    {
        var options = Read(
            ("IGA_VERTEXAI_PROJECT_ID", null), ("GCP_PROJECT_ID", "common-project"),
            ("IGA_VERTEXAI_LOCATION", null), ("GCP_LOCATION", "global"));

        Assert.Equal("common-project", options.Vertex.ProjectId);
        Assert.Equal(new Uri("https://aiplatform.googleapis.com/"), options.Vertex.Endpoint);
    }

    [Fact]
    public void All_wrong_values_are_told_in_one_message_with_what_they_were()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(
            ("POSTGRES_PORT", "none"), ("IGA_MAX_PROMPT_CHARS", "0"), ("IGA_ADD_WATERMARK", "maybe"),
            ("IGA_GCS_IMAGE_PREFIX", null), ("IGA_VERTEX_ENDPOINT", "ftp://x"), ("IGA_DEFAULT_ASPECT_RATIO", "2:1")));

        Assert.Equal(6, exception.Errors.Count);
        Assert.Contains("POSTGRES_PORT is 'none'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_MAX_PROMPT_CHARS is '0': must be a whole number from 1", exception.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_ADD_WATERMARK is 'maybe'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_GCS_IMAGE_PREFIX is not set", exception.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_VERTEX_ENDPOINT is 'ftp://x'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("IGA_DEFAULT_ASPECT_RATIO is '2:1'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("IGA_ADD_WATERMARK", "false", "always adds its watermark")]
    [InlineData("IGA_DEFAULT_ASPECT_RATIO", "7:5", "offers 1:1")]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "dall-e", "IGA_VERTEXAI_IMAGE_MODEL_ID is 'dall-e'")]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "gemini-../../x", "IGA_VERTEXAI_IMAGE_MODEL_ID")]
    [InlineData("IGA_MODEL_ALIASES", "imagegeneration@006", "must be a list such as")]
    [InlineData("IGA_MODEL_ALIASES", "a=b", "'b' is no model that can be called")]
    [InlineData("IGA_ALLOWED_MODEL_IDS", "gemini-3-pro-image", "must be one of IGA_ALLOWED_MODEL_IDS")]
    [InlineData("IGA_IDEMPOTENCY_STATUS_FAILED", "completed", "must differ")]
    [InlineData("GCS_BUCKET_NAME", "gs://my-bucket", "the bucket's name alone")]
    [InlineData("IGA_GCS_IMAGE_PREFIX", "/images", "without a slash at its start")]
    [InlineData("IGA_VERTEXAI_LOCATION", "evil.example/", "must be global, us, eu or a region")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json", "no such file")]
    [InlineData("IGA_MODEL_REQUESTS_PER_MINUTE", "-1", "from 1 to")]
    [InlineData("IGA_RETRY_NO_IMAGE", "3", "from 0 to 2")]
    [InlineData("IGA_MAX_PENDING", "0", "from 1 to")]
    [InlineData("IGA_TASK_RETENTION_DAYS", "0", "from 1 to")]
    [InlineData("IGA_DAILY_SPEND_LIMIT", "0", "must be US dollars such as 25")]
    [InlineData("IGA_DAILY_SPEND_LIMIT", "$5", "must be US dollars such as 25")]
    [InlineData("IGA_KEY_LIMITS", "cpoa", "must be a list such as")]
    [InlineData("IGA_KEY_LIMITS", "cpoa:speed=9", "must be a list such as")]
    [InlineData("IGA_KEY_LIMITS", "cpoa:requests=0", "requests must be a whole number from 1")]
    [InlineData("IGA_KEY_LIMITS", "cpoa:pending=1;pending=2", "'pending' is given twice")]
    [InlineData("IGA_KEY_LIMITS", "cpoa:pending=1,cpoa:requests=2", "'cpoa' has limits already")]
    [InlineData("IGA_KEY_LIMITS", "cpoa:spend=-1", "spend must be US dollars")]
    [InlineData("IGA_GOOGLE_TOKEN_HOSTS", "*.example.com", "without scheme, port or wildcard")]
    [InlineData("IGA_GOOGLE_TOKEN_HOSTS", "https://vertex.example.com", "must be a list of host names")]
    [InlineData("IGA_GOOGLE_TOKEN_HOSTS", "vertex.example.com:443", "must be a list of host names")]
    public void A_wrong_value_is_refused_with_what_is_allowed(string name, string value, string expected)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read((name, value)));

        Assert.Contains(expected, Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_model_is_called_by_the_name_that_its_alias_gives()
    {
        var options = Read(
            ("IGA_VERTEXAI_IMAGE_MODEL_ID", "imagegeneration@006"),
            ("IGA_MODEL_ALIASES", "imagegeneration@006=gemini-3-pro-image, imagen-3.0=gemini-3.1-flash-image"));

        Assert.Equal("gemini-3-pro-image", options.Models.DefaultModelId);
    }

    [Fact]
    public void Limits_of_keys_are_read_by_their_names_and_every_wrong_one_is_told()
    {
        var limits = Read(("IGA_MAX_PENDING", "7"), ("IGA_KEY_LIMITS", "cpoa:requests=60;pending=200;spend=2.5, other: spend=0.07")).Limits;
        Assert.Equal(7, limits.MaxPending);
        Assert.Equal((new CallerLimits(60, 200, 2.5m), new CallerLimits(SpendPerDay: 0.07m)), (limits.Callers["cpoa"], limits.Callers["other"]));
        Assert.Equal((10_000, 0, null), (Read().Limits.MaxPending, Read().Limits.Callers.Count, Read().Limits.DailySpend));
        Assert.Equal(12.5m, Read(("IGA_DAILY_SPEND_LIMIT", "12.50")).Limits.DailySpend);

        var exception = Assert.Throws<ConfigurationException>(() => Read(("IGA_KEY_LIMITS", "a:requests=x;spend=0;pending=1,b,c:pending=-1")));
        Assert.Equal(4, exception.Errors.Count);
    }

    [Theory]
    [InlineData("cpoa:0123456789abcdef01234567", "IGA_KEY_LIMITS has limits for misspelt, other, but no API key has that name")]
    [InlineData("cpoa:0123456789abcdef01234567,other:0123456789abcdef01234568,misspelt:0123456789abcdef01234569", null)]
    [InlineData(null, null)] // on Azure the keys are the app's
    public void Limits_for_a_name_that_no_key_has_are_told(string? keys, string? notice)
    {
        var settings = Settings(("IGA_API_KEYS", keys), ("IGA_KEY_LIMITS", "other:spend=1,cpoa:pending=1,misspelt:pending=1"));
        IgaOptionsReader.Read(settings);

        Assert.Equal(notice is null ? [] : [notice], settings.Notices);
    }

    [Fact]
    public void A_missing_bucket_is_not_an_error_at_start()
    {
        Assert.Null(Read(("GCS_BUCKET_NAME", null)).Storage.Bucket);
    }

    [Theory]
    [InlineData("127.0.0.1:4443", "http://127.0.0.1:4443/")]
    [InlineData("http://127.0.0.1:4443/", "http://127.0.0.1:4443/")]
    public void A_storage_emulator_is_named_with_or_without_a_scheme(string value, string expected)
    {
        var storage = Read(("STORAGE_EMULATOR_HOST", value)).Storage;

        Assert.Equal(new Uri(expected), storage.Endpoint);
        Assert.True(storage.IsEmulator);
    }

    [Theory]
    [InlineData("https://us-central1-aiplatform.googleapis.com", null)]
    [InlineData("https://aiplatform.eu.rep.googleapis.com", null)]
    [InlineData("https://aiplatform-genai1.p.googleapis.com", null)]
    [InlineData("https://vertex.example.com:8443/base", "other.example, Vertex.Example.com")]
    [InlineData("http://vertex.example.com", null)] // is sent none
    public void Googles_token_goes_to_googles_hosts_and_to_those_that_are_named_as_trusted(string address, string? trusted)
    {
        foreach (var name in (string[])["IGA_VERTEX_ENDPOINT", "STORAGE_EMULATOR_HOST"])
        {
            Read((name, address), ("IGA_GOOGLE_TOKEN_HOSTS", trusted));
        }
    }

    [Theory]
    [InlineData("https://vertex.example.com", null)]
    [InlineData("https://vertex.example.com", "example.com,other.example")]
    [InlineData("https://127.0.0.1:8443", null)]
    [InlineData("https://googleapis.com.example.com", null)]
    [InlineData("https://aiplatform.googleapis.com.example.com", null)]
    [InlineData("https://aiplatformgoogleapis.com", null)]
    public void An_address_that_would_be_sent_googles_token_without_being_trusted_stops_the_start(string address, string? trusted)
    {
        foreach (var name in (string[])["IGA_VERTEX_ENDPOINT", "STORAGE_EMULATOR_HOST"])
        {
            var exception = Assert.Throws<ConfigurationException>(() => Read((name, address), ("IGA_GOOGLE_TOKEN_HOSTS", trusted)));

            var error = Assert.Single(exception.Errors);
            Assert.StartsWith($"{name} is '{address}", error, StringComparison.Ordinal);
            Assert.EndsWith($"set IGA_GOOGLE_TOKEN_HOSTS={new Uri(address).Host}", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_address_with_a_password_is_refused_without_being_shown()
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(("IGA_VERTEX_ENDPOINT", "https://iga:s3cret@vertex.example.com")));

        Assert.StartsWith("IGA_VERTEX_ENDPOINT is '…@vertex.example.com': must be an address", Assert.Single(exception.Errors), StringComparison.Ordinal);
    }

    private static IgaOptions Read(params (string Name, string? Value)[] changes)
    {
        var settings = Settings(changes);
        var options = IgaOptionsReader.Read(settings);
        settings.ThrowIfInvalid();
        return options;
    }

    private static Settings Settings(params (string Name, string? Value)[] changes)
    {
        var values = new Dictionary<string, string?>(Complete);
        foreach ((var name, var value) in changes)
        {
            values[name] = value;
        }

        return new Settings(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
