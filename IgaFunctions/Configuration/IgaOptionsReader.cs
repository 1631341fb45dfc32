using System.Text.RegularExpressions;
using Iga.Bucket;
using Iga.GenerateImage;
using Iga.Keys;
using Iga.Models;
using Iga.Staging;
using Iga.Waiting;

namespace Iga.Configuration;

/// <summary>Reads the app's options; the host adds its own and then has <see cref="Settings"/> complain once.</summary>
public static partial class IgaOptionsReader
{
    /// <summary>The model of today; every Imagen id is retired since August 2026.</summary>
    public const string DefaultModelId = "gemini-3.1-flash-image";

    public static IgaOptions Read(Settings settings)
    {
        var tokenHosts = new TokenHosts(settings);
        var vertex = VertexSettings.Read(settings, tokenHosts);
        var models = ModelSettings.Read(settings, vertex is { IsGoogles: true, Location.Length: > 0 } ? vertex.Location : null);
        var storage = ReadStorage(settings, tokenHosts);
        var options = new IgaOptions
        {
            ApiKeys = ApiKeySettings.Read(settings),
            Models = models,
            Requests = RequestSettings.Read(settings, models, storage) with
            {
                Webhooks = WebhookSettings.Read(settings, vertex.IsEmulator && storage.IsEmulator),
            },
            Limits = LimitSettings.Read(settings),
            Vertex = vertex,
            Storage = storage,
            Idempotency = ReadIdempotency(settings),
            Staging = ReadStaging(settings),
            Waits = new WaitOptions(
                settings.WholeNumber("IGA_MAX_WAITS", 0, 100_000), settings.WholeNumber("IGA_MAX_STREAMS", 0, 10_000)),
            Telemetry = TelemetrySettings.Read(settings),
        };
        LimitSettings.TellOfUnknownNames(settings, options.Limits, options.ApiKeys);
        if (options.NeedsGoogleCredentials)
        {
            GoogleCredentialSettings.Check(settings);
        }

        return options;
    }

    private static StorageOptions ReadStorage(Settings settings, TokenHosts tokenHosts)
    {
        var bucket = settings.Text("GCS_BUCKET_NAME");
        if (bucket is not null && !IsBucketName(bucket))
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

        var endpoint = settings.Address("STORAGE_EMULATOR_HOST", assumedScheme: "http");
        tokenHosts.Check("STORAGE_EMULATOR_HOST", endpoint);
        return new StorageOptions(bucket, prefix.TrimEnd('/') + "/", endpoint ?? StorageOptions.GoogleEndpoint);
    }

    /// <summary>What GCS takes as a bucket's name.</summary>
    internal static bool IsBucketName(string name) => BucketPattern().IsMatch(name);

    /// <summary>Reads the database and what stands in its rows, which is all that the migrations need.</summary>
    public static IdempotencyOptions ReadIdempotency(Settings settings)
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
            TimeSpan.FromSeconds(settings.WholeNumber("IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", 1, 7 * 24 * 3600) ?? 3600),
            settings.WholeNumber("IGA_TASK_RETENTION_DAYS", 1, 3650) is { } days ? TimeSpan.FromDays(days) : null);
    }

    private static StagingOptions ReadStaging(Settings settings) => new(
        settings.Text("IGA_STAGING_DIR") ?? Path.Combine(Path.GetTempPath(), "iga-staging"),
        settings.Text("AzureWebJobsStorage"),
        settings.Text("WEBSITE_SITE_NAME"));

    [GeneratedRegex("^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$")]
    private static partial Regex BucketPattern();
}
