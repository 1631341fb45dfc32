namespace Iga.Emulators.Storage;

/// <summary>The permissions of Cloud Storage that can be asked for on a bucket.</summary>
internal static class Permissions
{
    private static readonly HashSet<string> Names = new(
        [
            .. Of("buckets", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy", "update"),
            .. Of("objects", "create", "delete", "get", "getIamPolicy", "list", "move", "overrideUnlockedRetention", "restore",
                "setIamPolicy", "setRetention", "update"),
            .. Of("multipartUploads", "abort", "create", "list", "listParts"),
            .. Of("folders", "create", "delete", "get", "list", "rename"),
            .. Of("managedFolders", "create", "delete", "get", "getIamPolicy", "list", "setIamPolicy"),
        ],
        StringComparer.Ordinal);

    public static bool Exists(string permission) => Names.Contains(permission);

    private static IEnumerable<string> Of(string resource, params string[] verbs) => verbs.Select(verb => $"storage.{resource}.{verb}");
}
