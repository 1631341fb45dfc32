using Iga.Configuration;

namespace Iga.LocalHost.Host;

/// <summary>
/// Which services the host runs itself: those of which the user has configured nothing. What is configured, even in part,
/// is used as it is.
/// </summary>
/// <param name="ModelCatalog">IGA_MODEL_CATALOG, which the emulated models follow as well.</param>
internal sealed record EmbeddingPlan(bool Postgres, bool Vertex, bool Storage, string? ModelCatalog = null)
{
    public const string Bucket = "iga-local-images";

    public const string DefaultPrefix = "images/iga/";

    public bool EmbedsAnything => Postgres || Vertex || Storage;

    public static EmbeddingPlan From(Settings settings)
    {
        var isOn = settings.Boolean("IGA_EMBEDDED") ?? true;
        return new EmbeddingPlan(
            isOn && IsUnset("IGA_POSTGRES_DB_URL", "POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD",
                "POSTGRES_DB", "POSTGRES_SSLMODE", "POSTGRES_SSLROOTCERT"),
            isOn && IsUnset("IGA_VERTEX_ENDPOINT", "IGA_VERTEXAI_PROJECT_ID", "GCP_PROJECT_ID", "IGA_VERTEXAI_LOCATION",
                "GCP_LOCATION"),
            isOn && IsUnset("GCS_BUCKET_NAME", "STORAGE_EMULATOR_HOST"),
            settings.Text("IGA_MODEL_CATALOG"));

        bool IsUnset(params ReadOnlySpan<string> names) => settings.Text(names) is null;
    }

    /// <summary>
    /// The settings that stand for the embedded services; without their addresses (before they are started), with
    /// stand-ins that let the rest of the configuration be checked first.
    /// </summary>
    public Dictionary<string, string?> Overlay(
        Settings settings, string? postgres = null, Uri? vertex = null, Uri? storage = null)
    {
        var overlay = new Dictionary<string, string?>();
        if (Postgres)
        {
            overlay["IGA_POSTGRES_DB_URL"] = postgres ?? "Host=127.0.0.1;Username=iga;Database=iga";
        }

        if (Vertex)
        {
            overlay["IGA_VERTEX_ENDPOINT"] = vertex?.ToString() ?? "http://127.0.0.1:1";
        }

        if (Storage)
        {
            overlay["STORAGE_EMULATOR_HOST"] = storage?.ToString() ?? "http://127.0.0.1:1";
            overlay["GCS_BUCKET_NAME"] = Bucket;
            overlay["IGA_GCS_IMAGE_PREFIX"] = settings.Text("IGA_GCS_IMAGE_PREFIX") ?? DefaultPrefix;
        }

        return overlay;
    }
}
