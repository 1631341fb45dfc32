namespace Iga.Models;

/// <summary>How Vertex AI is reached and how hard it may be pressed.</summary>
/// <param name="Endpoint">Base address: IGA_VERTEX_ENDPOINT, else Google's for the location.</param>
/// <param name="ProjectId">IGA_VERTEXAI_PROJECT_ID or GCP_PROJECT_ID.</param>
/// <param name="Location">IGA_VERTEXAI_LOCATION or GCP_LOCATION; <c>global</c>, <c>us</c>, <c>eu</c> or a region.</param>
/// <param name="RequestsPerMinute">IGA_MODEL_REQUESTS_PER_MINUTE, for this process; null is no limit.</param>
/// <param name="MaxConcurrency">IGA_MODEL_MAX_CONCURRENCY: calls in flight at once, for this process; null is no limit.</param>
/// <param name="Timeouts">IGA_MODEL_TIMEOUT_SECONDS: one attempt of one call.</param>
public sealed record VertexOptions(
    Uri Endpoint, string ProjectId, string Location, int? RequestsPerMinute, int? MaxConcurrency, CallTimeouts Timeouts)
{
    /// <summary>IGA_RETRY_NO_IMAGE: how often the model is asked again when its answer held no picture by chance.</summary>
    public int NoImageRetries { get; init; } = 1;

    /// <summary>An endpoint on plain http is an emulator: it is called without credentials.</summary>
    public bool IsEmulator => Endpoint.Scheme == Uri.UriSchemeHttp;

    /// <summary>Google's own address, where the catalog knows what is served in which location.</summary>
    public bool IsGoogles => IsGoogleHost(Endpoint.Host);

    /// <summary>Whether a host belongs to Google's APIs, those of regions (<c>rep.</c>) and of private endpoints (<c>p.</c>) included.</summary>
    public static bool IsGoogleHost(string host) => host.EndsWith(".googleapis.com", StringComparison.OrdinalIgnoreCase);
}
