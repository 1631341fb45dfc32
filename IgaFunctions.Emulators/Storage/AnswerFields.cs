namespace Iga.Emulators.Storage;

/// <summary>The fields that an answer can have: a selection of any other is refused.</summary>
internal sealed class AnswerFields
{
    /// <summary>The fields' own fields: <see cref="Leaf"/> has none, null has any.</summary>
    private readonly Dictionary<string, AnswerFields?> _fields = new(StringComparer.Ordinal);

    private static readonly AnswerFields Leaf = new();

    private static readonly AnswerFields Object = Of(
        plain: "kind id selfLink mediaLink name bucket generation metageneration contentType storageClass size md5Hash crc32c etag "
            + "timeCreated updated timeDeleted timeStorageClassUpdated timeFinalized cacheControl contentDisposition contentEncoding "
            + "contentLanguage temporaryHold eventBasedHold retentionExpirationTime customTime componentCount kmsKeyName "
            + "softDeleteTime hardDeleteTime restoreToken",
        nested: "metadata acl owner customerEncryption retention contexts");

    private static readonly AnswerFields Bucket = Of(
        plain: "kind id selfLink name projectNumber generation metageneration location locationType storageClass etag timeCreated "
            + "updated defaultEventBasedHold rpo satisfiesPZI satisfiesPZS softDeleteTime hardDeleteTime",
        nested: "acl autoclass billing cors customPlacementConfig defaultObjectAcl encryption hierarchicalNamespace iamConfiguration "
            + "ipFilter labels lifecycle logging objectRetention owner retentionPolicy softDeletePolicy versioning website");

    /// <returns>Null for an operation whose answer has fields that are not known here.</returns>
    public static AnswerFields? Of(string operation) => operation switch
    {
        "storage.objects.list" => ListOf(Object, "kind nextPageToken prefixes"),
        "storage.buckets.list" => ListOf(Bucket, "kind nextPageToken unreachable"),
        "storage.objects.get" or "storage.objects.patch" or "storage.objects.update" => Object,
        "storage.objects.copy" or "storage.objects.move" or "storage.objects.compose" => Object,
        "storage.buckets.get" or "storage.buckets.insert" or "storage.buckets.patch" or "storage.buckets.update" => Bucket,
        _ when operation.StartsWith("storage.objects.insert.", StringComparison.Ordinal) => Object,
        _ => null,
    };

    public static bool Has(AnswerFields? fields, string name) =>
        fields is null || (name == "*" && fields != Leaf) || fields._fields.ContainsKey(name);

    /// <returns>Null when a field has whatever fields it has.</returns>
    public static AnswerFields? Inside(AnswerFields? fields, string name) => fields?._fields.GetValueOrDefault(name);

    private static AnswerFields ListOf(AnswerFields item, string plain)
    {
        var list = Of(plain, "");
        list._fields["items"] = item;
        return list;
    }

    private static AnswerFields Of(string plain, string nested)
    {
        var fields = new AnswerFields();
        foreach (var name in plain.Split(' '))
        {
            fields._fields[name] = Leaf;
        }

        foreach (var name in nested.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            fields._fields[name] = null;
        }

        return fields;
    }
}
