using System.Text;

namespace Iga.Tests.Telemetry;

/// <summary>Reads protobuf messages field by field, as far as the tests need it.</summary>
internal static class Protobuf
{
    /// <param name="Value">Of a number.</param>
    /// <param name="Bytes">Of a text, bytes or a message.</param>
    public readonly record struct Field(int Number, long Value, ReadOnlyMemory<byte> Bytes);

    public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field) =>
        Fields(message).Where(one => one.Number == field).Select(one => one.Bytes);

    public static string Text(ReadOnlyMemory<byte> message, int field) =>
        Messages(message, field).Select(bytes => Encoding.UTF8.GetString(bytes.Span)).FirstOrDefault("");

    public static long Number(ReadOnlyMemory<byte> message, int field) =>
        Fields(message).Where(one => one.Number == field).Select(one => one.Value).FirstOrDefault();

    public static IEnumerable<Field> Fields(ReadOnlyMemory<byte> message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return new(number, Varint(message, ref at), default);
                    break;
                case 1:
                    yield return new(number, BitConverter.ToInt64(message.Span.Slice(at, 8)), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return new(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new(number, BitConverter.ToInt32(message.Span.Slice(at, 4)), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {tag & 7}");
            }
        }
    }

    private static long Varint(ReadOnlyMemory<byte> message, ref int at)
    {
        long value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message.Span[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
