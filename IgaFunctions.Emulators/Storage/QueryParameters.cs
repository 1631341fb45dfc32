using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// Which query parameters a request may have. What is not heeded is refused: ignored, it would get another answer than Google's.
/// </summary>
internal static class QueryParameters
{
    private static readonly string[] Preconditions =
        ["ifGenerationMatch", "ifGenerationNotMatch", "ifMetagenerationMatch", "ifMetagenerationNotMatch"];

    private static readonly string[] SourcePreconditions =
        ["ifSourceGenerationMatch", "ifSourceGenerationNotMatch", "ifSourceMetagenerationMatch", "ifSourceMetagenerationNotMatch"];

    private static readonly string[] BucketPreconditions = ["ifMetagenerationMatch", "ifMetagenerationNotMatch"];

    private static readonly string[] Upload =
        ["uploadType", "upload_id", "upload_protocol", "name", "contentEncoding", "predefinedAcl", "projection", .. Preconditions];

    /// <summary>
    /// The client for Node sends what its <c>deleteFiles</c> was given with the list and with each delete that follows, its own <c>force</c> included.
    /// </summary>
    private static readonly string[] List =
    [
        "prefix", "delimiter", "includeTrailingDelimiter", "includeFoldersAsPrefixes", "startOffset", "endOffset", "matchGlob",
        "maxResults", "pageToken", "versions", "softDeleted", "projection", "force",
    ];

    /// <summary>Those of every request. They tell who calls, what the answer looks like, and nothing of what is done.</summary>
    private static readonly string[] Common =
    [
        "alt", "fields", "prettyPrint", "key", "access_token", "oauth_token", "quotaUser", "userIp", "userProject", "$.xgafv",
    ];

    /// <summary>The parameters of each operation, besides the common ones.</summary>
    private static readonly Dictionary<string, string[]> Heeded = new(StringComparer.Ordinal)
    {
        ["storage.objects.insert.simple"] = Upload,
        ["storage.objects.insert.start"] = Upload,
        ["storage.objects.insert.chunk"] = Upload,
        ["storage.objects.insert.status"] = Upload,
        ["storage.objects.get"] = ["generation", "projection", "softDeleted", .. Preconditions],
        ["storage.objects.list"] = List,
        ["storage.objects.patch"] = ["generation", "projection", "predefinedAcl", .. Preconditions],
        ["storage.objects.update"] = ["generation", "projection", "predefinedAcl", .. Preconditions],
        ["storage.objects.rewrite"] =
        [
            "sourceGeneration", "rewriteToken", "maxBytesRewrittenPerCall", "projection", "destinationPredefinedAcl",
            .. Preconditions, .. SourcePreconditions,
        ],
        ["storage.objects.copy"] =
            ["sourceGeneration", "projection", "destinationPredefinedAcl", .. Preconditions, .. SourcePreconditions],
        ["storage.objects.move"] = ["projection", .. Preconditions, .. SourcePreconditions],
        ["storage.objects.compose"] = ["destinationPredefinedAcl", .. Preconditions],
        ["storage.objects.delete"] = ["generation", .. Preconditions, .. List],
        ["storage.buckets.list"] = ["project", "prefix", "projection", "maxResults", "pageToken"],
        ["storage.buckets.get"] = ["projection", .. BucketPreconditions],
        ["storage.buckets.patch"] = ["projection", "predefinedAcl", "predefinedDefaultObjectAcl", .. BucketPreconditions],
        ["storage.buckets.update"] = ["projection", "predefinedAcl", "predefinedDefaultObjectAcl", .. BucketPreconditions],
        ["storage.buckets.getStorageLayout"] = ["prefix"],
        ["storage.buckets.getIamPolicy"] = ["optionsRequestedPolicyVersion"],
        ["storage.buckets.testIamPermissions"] = ["permissions"],
        ["storage.buckets.insert"] = ["project", "projection", "predefinedAcl", "predefinedDefaultObjectAcl"],
        ["storage.buckets.delete"] = BucketPreconditions,
    };

    private static readonly string[] JsonApi = ["/storage/v1", "/b", "/upload", "/resumable", "/download"];

    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["alt"] = ["json", "media"],
        ["projection"] = ["full", "noAcl"],
        ["prettyPrint"] = ["true", "false"],
        ["versions"] = ["true", "false"],
        ["softDeleted"] = ["true", "false"],
        ["includeTrailingDelimiter"] = ["true", "false"],
        ["includeFoldersAsPrefixes"] = ["true", "false"],
        // Anyone may read and write here; the lists of who may are not kept.
        ["predefinedAcl"] =
            ["authenticatedRead", "bucketOwnerFullControl", "bucketOwnerRead", "private", "projectPrivate", "publicRead", "publicReadWrite"],
    };

    /// <returns>Those of an operation, besides the common ones; null for one that has no list here.</returns>
    public static IReadOnlyList<string>? Of(string operation) => Heeded.GetValueOrDefault(operation);

    /// <param name="operation">Its name; one that has no list of parameters here may have any.</param>
    /// <exception cref="ApiException">400 or 501; the message names the parameter.</exception>
    public static void Check(HttpRequest request, string operation)
    {
        RefuseKeys(request);
        if (!Heeded.TryGetValue(operation, out var heeded) || !IsOfJsonApi(request.Path))
        {
            return;
        }

        foreach (var (name, values) in request.Query)
        {
            if (!Common.Contains(name) && !heeded.Contains(name))
            {
                throw Refused(501, "notImplemented", name, $"The parameter {name} of {operation} is not emulated.");
            }

            var value = values.Count == 1 || name == "permissions" ? values.ToString() : throw Refused(400, "invalid", name, $"{name} is given more than once.");
            if (Values.TryGetValue(name, out var allowed) && !allowed.Contains(value))
            {
                throw Refused(400, "invalid", name, $"Invalid value for {name}: \"{value}\". Allowed: {string.Join(", ", allowed)}.");
            }
        }
    }

    /// <summary>Keys of the caller's own: the content would have to be encrypted with them, and unreadable without.</summary>
    private static void RefuseKeys(HttpRequest request)
    {
        if (request.Headers.Keys.FirstOrDefault(h => h.StartsWith("x-goog-encryption-", StringComparison.OrdinalIgnoreCase)
            || h.StartsWith("x-goog-copy-source-encryption-", StringComparison.OrdinalIgnoreCase)) is { } header)
        {
            throw new ApiException(501, "notImplemented", $"The header {header} is not emulated.");
        }
    }

    /// <summary>The XML API has parameters of its own, such as those of a signed URL.</summary>
    private static bool IsOfJsonApi(PathString path) =>
        JsonApi.Any(prefix => path.StartsWithSegments(prefix, StringComparison.Ordinal));

    /// <returns>False without it.</returns>
    public static bool Flag(HttpRequest request, string name) => request.Query[name] == "true";

    private static ApiException Refused(int status, string reason, string name, string message) =>
        new(status, reason, message) { Parameter = name };
}
