using System.Text.RegularExpressions;
using Iga.Bucket;
using Iga.GenerateImage;
using Iga.Keys;
using Iga.Models;
using Iga.Staging;
using Iga.Telemetry;

namespace Iga.Configuration;

/// <summary>Reads the app's options; the host adds its own and then has <see cref="Settings"/> complain once.</summary>
public static partial class IgaOptionsReader
{
    /// <summary>The model of today; every Imagen id is retired since August 2026.</summary>
    public const string DefaultModelId = "gemini-3.1-flash-image";

    public static IgaOptions Read(Settings settings)
    {
        var models = ModelSettings.Read(settings);
        return new IgaOptions
        {
            Models = models,
            Requests = ReadRequests(settings, models),
            Vertex = ReadVertex(settings),
            Storage = ReadStorage(settings),
            Idempotency = ReadIdempotency(settings),
            Staging = ReadStaging(settings),
            Telemetry = new TelemetryOptions(
                settings.Boolean("IGA_LOG_PROMPTS") ?? true, settings.Address("OTEL_EXPORTER_OTLP_ENDPOINT")),
        };
    }

    private static RequestOptions ReadRequests(Settings settings, ModelOptions models)
    {
        var requests = new RequestOptions(
            settings.Text("IGA_DEFAULT_ASPECT_RATIO") ?? "1:1",
            settings.Boolean("IGA_ADD_WATERMARK") ?? true,
            settings.WholeNumber("IGA_MAX_PROMPT_CHARS", 1, 100_000) ?? 4_000);

        if (ModelFamily.Of(models.DefaultModelId) is { } family)
        {
            if (!family.AspectRatios.Contains(requests.DefaultAspectRatio))
            {
                settings.Error("IGA_DEFAULT_ASPECT_RATIO", requests.DefaultAspectRatio,
                    $"{models.DefaultModelId} offers {string.Join(", ", family.AspectRatios)}");
            }

            if (!requests.AddWatermark && !family.CanOmitWatermark)
            {
                settings.Error("IGA_ADD_WATERMARK", "false",
                    $"{models.DefaultModelId} always adds its watermark; set it to true or choose {ModelFamily.ThatCanOmitWatermark}");
            }
        }

        return requests;
    }

    private static VertexOptions ReadVertex(Settings settings)
    {
        var endpoint = settings.Address("IGA_VERTEX_ENDPOINT");
        var isEmulator = endpoint?.Scheme == Uri.UriSchemeHttp;

        var project = isEmulator
            ? settings.Text("IGA_VERTEXAI_PROJECT_ID", "GCP_PROJECT_ID") ?? "iga-local"
            : settings.Required("must name the Google Cloud project that pays for the images",
                "IGA_VERTEXAI_PROJECT_ID", "GCP_PROJECT_ID");
        if (project.Length > 0 && !ProjectPattern().IsMatch(project))
        {
            settings.Error("IGA_VERTEXAI_PROJECT_ID", project, "must be a project id such as my-project-123");
        }

        var location = endpoint is not null
            ? settings.Text("IGA_VERTEXAI_LOCATION", "GCP_LOCATION") ?? "global"
            : settings.Required("must be global or a region such as us-central1", "IGA_VERTEXAI_LOCATION", "GCP_LOCATION");
        if (location.Length > 0 && !LocationPattern().IsMatch(location))
        {
            settings.Error("IGA_VERTEXAI_LOCATION", location, "must be global or a region such as us-central1");
            location = "";
        }

        if (!isEmulator && settings.Text("GOOGLE_APPLICATION_CREDENTIALS") is { } file && !File.Exists(file))
        {
            settings.Error("GOOGLE_APPLICATION_CREDENTIALS", file, "no such file; must be the path of a credentials file");
        }

        return new VertexOptions(
            endpoint ?? new Uri(location is "global" or ""
                ? "https://aiplatform.googleapis.com/"
                : $"https://{location}-aiplatform.googleapis.com/"),
            project,
            location,
            settings.WholeNumber("IGA_MODEL_REQUESTS_PER_MINUTE", 1, 1_000_000),
            settings.WholeNumber("IGA_MODEL_MAX_CONCURRENCY", 1, 100_000),
            TimeSpan.FromSeconds(settings.WholeNumber("IGA_MODEL_TIMEOUT_SECONDS", 1, 600) ?? 120))
        {
            NoImageRetries = settings.WholeNumber("IGA_RETRY_NO_IMAGE", 0, 2) ?? 1,
        };
    }

    private static StorageOptions ReadStorage(Settings settings)
    {
        var bucket = settings.Text("GCS_BUCKET_NAME");
        if (bucket is not null && !BucketPattern().IsMatch(bucket))
        {
            settings.Error("GCS_BUCKET_NAME", bucket,
                "must be the bucket's name alone: 3-222 lower-case letters, digits, dots, dashes, underscores");
        }

        var prefix = settings.Required("must be the path that images are stored under, such as images/iga/",
            "IGA_GCS_IMAGE_PREFIX");
        if (prefix.StartsWith('/') || prefix.Length > 500 || prefix.Any(char.IsControl))
        {
            settings.Error("IGA_GCS_IMAGE_PREFIX", prefix,
                "must be a path such as images/iga/, without a slash at its start, of at most 500 characters");
        }

        return new StorageOptions(
            bucket,
            prefix.TrimEnd('/') + "/",
            settings.Address("STORAGE_EMULATOR_HOST", assumedScheme: "http") ?? StorageOptions.GoogleEndpoint);
    }

    private static IdempotencyOptions ReadIdempotency(Settings settings)
    {
        var processing = settings.Text("IGA_IDEMPOTENCY_STATUS_PROCESSING") ?? "processing";
        var completed = settings.Text("IGA_IDEMPOTENCY_STATUS_COMPLETED") ?? "completed";
        var failed = settings.Text("IGA_IDEMPOTENCY_STATUS_FAILED") ?? "failed";
        if (processing == completed || completed == failed || processing == failed)
        {
            settings.Error("IGA_IDEMPOTENCY_STATUS_PROCESSING, _COMPLETED and _FAILED must differ, but are "
                + $"'{processing}', '{completed}' and '{failed}'");
        }

        return new IdempotencyOptions(
            PostgresSettings.ReadConnectionString(settings), processing, completed, failed,
            TimeSpan.FromSeconds(settings.WholeNumber("IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", 1, 7 * 24 * 3600) ?? 3600));
    }

    private static StagingOptions ReadStaging(Settings settings) => new(
        settings.Text("IGA_STAGING_DIR") ?? Path.Combine(Path.GetTempPath(), "iga-staging"),
        settings.Text("AzureWebJobsStorage"));

    [GeneratedRegex("^[a-z0-9][a-z0-9.:-]{0,99}$")]
    private static partial Regex ProjectPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}$")]
    private static partial Regex LocationPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$")]
    private static partial Regex BucketPattern();
}
