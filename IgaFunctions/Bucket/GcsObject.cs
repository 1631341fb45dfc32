namespace Iga.Bucket;

/// <summary>What GCS says of an object.</summary>
/// <param name="Generation">Which version of the object it is; a condition for deleting just that one.</param>
/// <param name="Metageneration">Which version of its metadata; null where the other side counts none.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C, as GCS computed it.</param>
/// <param name="TaskId">The metadata's <c>iga_task_id</c>: the task that stored it.</param>
/// <param name="AdoptedBy">The metadata's <c>iga_adopted_by</c>: another task whose result it is since.</param>
/// <param name="ModelId">The metadata's <c>iga_model</c>: the model that made it, where that is not the request's.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Created">When its content was stored.</param>
public sealed record GcsObject(
    long Generation, long? Metageneration, string? Crc32C, string? TaskId, string? AdoptedBy = null, string? ModelId = null,
    long? Size = null, DateTimeOffset? Created = null)
{
    /// <summary><see cref="Generation"/>; null where the other side counts none.</summary>
    public long? CountedGeneration => Generation > 0 ? Generation : null;

    /// <summary>The name in the object's metadata under which <see cref="TaskId"/> stands.</summary>
    public const string TaskIdKey = "iga_task_id";

    /// <summary>The name in the object's metadata under which <see cref="AdoptedBy"/> stands.</summary>
    public const string AdoptedByKey = "iga_adopted_by";

    /// <summary>The name in the object's metadata under which <see cref="ModelId"/> stands.</summary>
    public const string ModelIdKey = "iga_model";
}
