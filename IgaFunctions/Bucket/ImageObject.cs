namespace Iga.Bucket;

/// <summary>An object that is to be written to the bucket: a staged picture under its name.</summary>
/// <param name="Name">The object's full name, prefix included.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C of the content; GCS refuses an upload that does not match.</param>
/// <param name="TaskId">Written to the object's metadata as <c>iga_task_id</c>.</param>
/// <param name="ModelId">The model that made it, where that is not the request's; written to the metadata as <c>iga_model</c>.</param>
public sealed record ImageObject(
    string Name, string ContentType, long Size, string Crc32C, Guid TaskId, string? ModelId = null)
{
    /// <summary>What the object's metadata says from the start.</summary>
    public Dictionary<string, string> Metadata => ModelId is null
        ? new() { [GcsObject.TaskIdKey] = TaskId.ToString() }
        : new() { [GcsObject.TaskIdKey] = TaskId.ToString(), [GcsObject.ModelIdKey] = ModelId };
}
