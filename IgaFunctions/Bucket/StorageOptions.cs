namespace Iga.Bucket;

/// <summary>Where pictures are stored.</summary>
/// <param name="Bucket">GCS_BUCKET_NAME; null when none is configured, which callers are told with a 503.</param>
/// <param name="Prefix">IGA_GCS_IMAGE_PREFIX, such as <c>images/iga/</c>.</param>
/// <param name="Endpoint">Base address: STORAGE_EMULATOR_HOST, else Google's.</param>
public sealed record StorageOptions(string? Bucket, string Prefix, Uri Endpoint)
{
    public static readonly Uri GoogleEndpoint = new("https://storage.googleapis.com/");

    /// <summary>An endpoint on plain http is an emulator: it is called without credentials.</summary>
    public bool IsEmulator => Endpoint.Scheme == Uri.UriSchemeHttp;
}
