using Iga.Configuration;
using Iga.LocalHost.Host;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

/// <summary>
/// The settings of the replaced system, as its compose file and its guide had them: each works, or is named at the start with its cure.
/// </summary>
public sealed class ReplacedSystemTests
{
    /// <summary>Its .env and the shared common.env, whole, with the values of its guide.</summary>
    private static Dictionary<string, string?> AsItWas() => new()
    {
        ["IGA_HOST"] = "0.0.0.0",
        ["IGA_PORT"] = "5007",
        ["IGA_DEBUG_MODE"] = "True",
        ["FLASK_DEBUG"] = "true",
        ["GCP_PROJECT_ID"] = "your-gcp-project-id",
        ["GCP_LOCATION"] = "us-central1",
        ["IGA_VERTEXAI_IMAGE_MODEL_ID"] = "imagegeneration@006",
        ["IGA_DEFAULT_ASPECT_RATIO"] = "1:1",
        ["IGA_ADD_WATERMARK"] = "True",
        ["IGA_GENERATED_IMAGE_DIR"] = "/shared_audio/iga_images",
        ["GCS_BUCKET_NAME"] = "your-bucket-name",
        ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
        ["POSTGRES_HOST"] = "postgres_db",
        ["POSTGRES_PORT"] = "5432",
        ["POSTGRES_USER"] = "aethercast_user",
        ["POSTGRES_PASSWORD"] = "s3cret",
        ["POSTGRES_DB"] = "aethercast_db",
        ["IGA_IDEMPOTENCY_STATUS_PROCESSING"] = "processing",
        ["IGA_IDEMPOTENCY_STATUS_COMPLETED"] = "completed",
        ["IGA_IDEMPOTENCY_STATUS_FAILED"] = "failed",
        ["IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS"] = "3600",
        ["CELERY_BROKER_URL"] = "redis://redis:6379/0",
        ["CELERY_RESULT_BACKEND"] = "redis://redis:6379/0",
    };

    /// <summary>The lines that docs/moving-from-the-flask-service.md adds.</summary>
    private static readonly (string Name, string? Value)[] Cures =
    [
        ("IGA_API_KEYS", "cpoa:a-long-random-key-of-a-caller"),
        ("IGA_ALLOWED_HOSTS", "iga_service"),
        ("IGA_MODEL_ALIASES", "imagegeneration@006=gemini-3.1-flash-image"),
        ("IGA_VERTEXAI_LOCATION", "global"),
    ];

    [Fact]
    public void As_they_were_the_start_names_all_that_can_not_stay_with_its_cure()
    {
        var errors = Assert.Throws<ConfigurationException>(() => LocalHost()).Errors;

        Assert.Equal(2, errors.Count);
        Assert.Contains(errors, error => error.StartsWith("IGA_HOST is '0.0.0.0'", StringComparison.Ordinal)
            && error.Contains("IGA_API_KEYS=cpoa:KEY", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("IGA_VERTEXAI_IMAGE_MODEL_ID is 'imagegeneration@006': the model is retired", StringComparison.Ordinal)
            && error.Contains("IGA_MODEL_ALIASES=imagegeneration@006=gemini-3.1-flash-image", StringComparison.Ordinal)
            && error.Contains("IGA_VERTEXAI_LOCATION to global", StringComparison.Ordinal));
    }

    [Fact]
    public void With_the_lines_of_the_guide_they_work_and_what_is_without_effect_is_named()
    {
        var local = LocalHost(Cures);

        Assert.Equal(("0.0.0.0", 5007, true), (local.Host.Host, local.Host.Port, local.Host.IsDebug));
        Assert.Equal(("gemini-3.1-flash-image", "your-gcp-project-id"), (local.App.Models.DefaultModelId, local.App.Vertex.ProjectId));
        Assert.Contains("Host=postgres_db", local.App.Idempotency.ConnectionString, StringComparison.Ordinal);
        Assert.Equal(
            ["CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "FLASK_DEBUG", "IGA_GENERATED_IMAGE_DIR"],
            local.App.Notices.Select(notice => notice[..notice.IndexOf(" is without effect", StringComparison.Ordinal)]));

        var azure = Azure(Cures);
        Assert.Contains("no such settings: IGA_ALLOWED_HOSTS, IGA_DEBUG_MODE, IGA_HOST, IGA_PORT.", azure.Notices[^1], StringComparison.Ordinal);
        Assert.Equal(local.App.Notices, azure.Notices.SkipLast(1));
    }

    [Theory]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "imagegeneration@005", "retired since")]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "imagen-3.0-generate-002", "retired since")]
    [InlineData("IGA_VERTEXAI_LOCATION", "us-central1", "IGA_VERTEXAI_LOCATION to global or us or eu")]
    [InlineData("IGA_ADD_WATERMARK", "False", "set it to true")]
    [InlineData("IGA_API_KEYS", null, "set IGA_API_KEYS=cpoa:KEY")]
    [InlineData("IGA_PORT", "tcp://10.0.0.1:5007", "enableServiceLinks: false")]
    [InlineData("IGA_GCS_IMAGE_PREFIX", null, "IGA_GCS_IMAGE_PREFIX is not set")]
    [InlineData("GOOGLE_APPLICATION_CREDENTIALS", "/app/gcp-credentials.json", "no such file")]
    [InlineData("IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", "0", "from 1 to")]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "", null)]
    [InlineData("IGA_VERTEXAI_IMAGE_MODEL_ID", "gemini-3-pro-image", null)]
    [InlineData("IGA_DEFAULT_ASPECT_RATIO", "16:9", null)]
    [InlineData("IGA_ADD_WATERMARK", "True", null)]
    [InlineData("IGA_HOST", "127.0.0.1", null)]
    [InlineData("IGA_IDEMPOTENCY_STATUS_COMPLETED", "COMPLETED", null)]
    [InlineData("IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", "60", null)]
    [InlineData("POSTGRES_PORT", "", null)]
    [InlineData("GCS_BUCKET_NAME", null, null)] // callers get 503, as they were promised
    public void Another_value_of_one_works_or_is_refused_alone_with_its_cure(string name, string? value, string? cure)
    {
        if (cure is null)
        {
            LocalHost([.. Cures, (name, value)]);
            return;
        }

        var error = Assert.Single(Assert.Throws<ConfigurationException>(() => LocalHost([.. Cures, (name, value)])).Errors);
        Assert.Contains(cure, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_setting_that_nobody_reads_is_named()
    {
        var notices = LocalHost([.. Cures, ("IGA_MODEL_ALIAS", "misspelt"), ("IGA_SERVICE_PORT", "tcp://10.0.0.1"), ("IGA_PORT_5007_TCP", "x")]).App.Notices;

        Assert.Contains("no such settings: IGA_MODEL_ALIAS.", notices[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_others_reach_by_a_name_is_told_that_it_has_to_know_it()
    {
        var notices = LocalHost([.. Cures, ("IGA_ALLOWED_HOSTS", null)]).App.Notices;

        Assert.Contains("IGA_ALLOWED_HOSTS to that name", notices[0], StringComparison.Ordinal);
    }

    private static HostConfiguration LocalHost(params (string, string?)[] changes) => HostConfiguration.Check(With(changes));

    /// <summary>As its Program reads them.</summary>
    private static IgaOptions Azure((string, string?)[] changes)
    {
        var settings = new Settings(With([.. changes, ("AzureWebJobsStorage", "UseDevelopmentStorage=true")]));
        var options = IgaOptionsReader.Read(settings);
        settings.ThrowIfInvalid();
        return options with { Notices = [.. settings.Notices, .. SettingsWithoutEffect.Find(settings)] };
    }

    private static IConfiguration With((string Name, string? Value)[] changes)
    {
        var settings = AsItWas();
        foreach (var (name, value) in changes)
        {
            settings[name] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }
}
