using System.Buffers.Binary;

namespace Iga.Tasks;

/// <summary>
/// Task ids are UUIDs of version 7 (RFC 9562): the first 48 bits are the milliseconds since 1970 at which they were made. So a range of
/// time is a range of ids, and the order of ids is that of the tasks.
/// </summary>
public static class TaskIdTime
{
    private const int Length = 16;

    /// <summary>Nothing is later in the order of ids.</summary>
    public static readonly Guid End = new("ffffffff-ffff-ffff-ffff-ffffffffffff");

    /// <returns>An id that no id of an earlier time reaches, and none of this time or a later one is below of.</returns>
    public static Guid LowerBound(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[Length];
        bytes.Clear();

        // A part of a millisecond counts as a whole one: of the ids of that millisecond nobody can say which are later.
        var milliseconds = time.ToUnixTimeMilliseconds() + (time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, milliseconds) << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <returns>When the id was made; null if it is of another version.</returns>
    public static DateTimeOffset? Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return id.Version == 7
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16))
            : null;
    }
}
