using Azure.Core;
using Azure.Storage.Blobs;

namespace Iga.Staging;

/// <summary>The containers of the app's storage account that pictures wait in.</summary>
internal static class BlobContainers
{
    /// <summary>Of an app that has no name; else the name follows it.</summary>
    internal const string Name = "iga-staging";

    /// <summary>The app's own.</summary>
    public static BlobContainerClient Of(StagingOptions options) => Named(options, NameFor(options.AppName));

    /// <summary>The one that all apps had.</summary>
    public static BlobContainerClient Earlier(StagingOptions options) => Named(options, Name);

    private static BlobContainerClient Named(StagingOptions options, string name) => new(
        options.BlobConnectionString ?? throw new ArgumentException("no connection string for blob storage", nameof(options)),
        name,
        new BlobClientOptions
        {
            // The workflow repeats the activity; the client bridges short faults only.
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 3,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxDelay = TimeSpan.FromSeconds(4),
                NetworkTimeout = TimeSpan.FromSeconds(30),
            },
        });

    /// <summary>Containers have up to 63 small letters, digits and single hyphens; an app's name has capitals and more hyphens besides.</summary>
    private static string NameFor(string? appName)
    {
        var words = (appName ?? "").ToLowerInvariant().Split('-', StringSplitOptions.RemoveEmptyEntries);
        var name = string.Join('-', words.Prepend(Name));
        return name[..Math.Min(name.Length, 63)].TrimEnd('-');
    }
}
