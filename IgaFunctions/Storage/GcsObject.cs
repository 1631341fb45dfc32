namespace Iga.Storage;

/// <summary>What GCS says of an object.</summary>
/// <param name="Generation">Which version of the object it is; a condition for deleting just that one.</param>
/// <param name="Crc32C">Base64 of the big-endian CRC-32C, as GCS computed it.</param>
/// <param name="TaskId">The metadata's <c>iga_task_id</c>.</param>
public sealed record GcsObject(long Generation, string? Crc32C, string? TaskId);
