using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>How objects are stored, and what they cost.</summary>
internal static class StorageClass
{
    /// <summary>Of a bucket for which none was named.</summary>
    public const string Default = "STANDARD";

    /// <exception cref="ApiException">400: there is no such class.</exception>
    public static string Check(string name) => name is "STANDARD" or "NEARLINE" or "COLDLINE" or "ARCHIVE"
        or "MULTI_REGIONAL" or "REGIONAL" or "DURABLE_REDUCED_AVAILABILITY"
            ? name
            : throw new ApiException(400, "invalid", $"Invalid value for: storageClass: \"{name}\"");
}
