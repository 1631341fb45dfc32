using System.Globalization;
using System.Text;

namespace Iga.Tests.Telemetry;

/// <summary>A span as a receiver of OTLP reads it.</summary>
/// <param name="Parent">Empty for the first of a trace.</param>
/// <param name="Kind">2 is a server's, 3 a client's, 5 a consumer's.</param>
/// <param name="Links">The traces that it is linked to.</param>
internal sealed record ReceivedSpan(
    string Source, string TraceId, string Id, string Parent, string Name, long Kind, IReadOnlyDictionary<string, string> Attributes,
    IReadOnlyList<string> Links, bool IsError)
{
    /// <summary>Reads an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> Read(byte[] request) =>
        from resource in Protobuf.Messages(request, 1)
        from scope in Protobuf.Messages(resource, 2)
        let source = Protobuf.Messages(scope, 1).Select(name => Protobuf.Text(name, 1)).FirstOrDefault("")
        from span in Protobuf.Messages(scope, 2)
        select new ReceivedSpan(
            source, Hex(span, 1), Hex(span, 2), Hex(span, 4), Protobuf.Text(span, 5), Protobuf.Number(span, 6), AttributesOf(span),
            [.. Protobuf.Messages(span, 13).Select(link => Hex(link, 1))],
            Protobuf.Messages(span, 15).Any(status => Protobuf.Number(status, 3) == 2));

    private static string Hex(ReadOnlyMemory<byte> message, int field) =>
        Protobuf.Messages(message, field).Select(bytes => Convert.ToHexStringLower(bytes.Span)).FirstOrDefault("");

    private static Dictionary<string, string> AttributesOf(ReadOnlyMemory<byte> span) => Protobuf.Messages(span, 9).ToDictionary(
        pair => Protobuf.Text(pair, 1),
        pair => Protobuf.Messages(pair, 2).Select(value => Protobuf.Fields(value).Select(field => field.Number switch
        {
            1 => Encoding.UTF8.GetString(field.Bytes.Span),
            _ => field.Value.ToString(CultureInfo.InvariantCulture),
        }).FirstOrDefault("")).FirstOrDefault(""));
}
