namespace Iga.Staging;

/// <summary>Where pictures wait between the model and the bucket.</summary>
/// <param name="Directory">IGA_STAGING_DIR; not used where Azure Blob Storage stages.</param>
/// <param name="BlobConnectionString">AzureWebJobsStorage; null on the local host.</param>
/// <param name="AppName">WEBSITE_SITE_NAME, which Azure sets; null elsewhere.</param>
public sealed record StagingOptions(string Directory, string? BlobConnectionString, string? AppName = null);
