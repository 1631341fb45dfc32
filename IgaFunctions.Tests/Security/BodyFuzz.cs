using System.Text;
using System.Text.Json;
using CsCheck;

namespace Iga.Tests.Security;

/// <summary>Bodies that are almost right, and bodies that are nothing like it.</summary>
internal static class BodyFuzz
{
    private static readonly string[] Valid =
    [
        """{"prompt": "a lighthouse"}""",
        """{"prompt": "a 🗼 at dawn", "aspect_ratio": "16:9", "add_watermark": true, "model_id_override": null}""",
        """{"prompt":"x","unknown":[1,2.5e3,{"a":null}],"model_id_override":"imagen-4.0-generate-001","add_watermark":false}""",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "17", "-0.0e-400", "1e999999", "\"x\"", "\"\"", "\" \"", "[]", "{}", "[[[]]]", "\"\\ud800\"", "\"\\u0000\"",
        "\"a\\u0000\"", "NaN", "'x'", "\"\\x\"", "\"1:1\"", "\"99:1\"", "\"gemini-3-pro-image\"", "\"../../etc/passwd\"",
        "\"gemini-x/../y\"", "\"gemini-x?y\"", "{\"$type\":\"x\"}", "\"'; drop table idempotency_keys; --\"", "\"{0}%s%n${x}\"",
    ];

    private static readonly string[] Names =
        ["prompt", "aspect_ratio", "add_watermark", "model_id_override", "Prompt", "\\u0070rompt", "\\ud800", "", "$id", "__proto__"];

    private static readonly string[] Whole =
        ["", " ", "null", "[]", "17", "\"prompt\"", "{", "}", "{}", "\u0000", "\uFEFF{}", "{\"prompt\":\"x\"}{}", "prompt=x", "<prompt/>"];

    public static Gen<byte[]> Bodies { get; } = Gen.Frequency(
        (5, Mutated()),
        (2, Gen.Byte.Array[0, 600]),
        (3, Fields()),
        (2, Broken()),
        (1, Pick.From(Whole).Select(Encoding.UTF8.GetBytes)),
        (1, Nested()),
        (1, Gen.Int[3990, 4010].Select(length => JsonSerializer.SerializeToUtf8Bytes(new { prompt = new string('p', length) }))),
        (1, Gen.String[0, 80].Select(text => JsonSerializer.SerializeToUtf8Bytes(new { prompt = text }))));

    private static Gen<byte[]> Mutated() =>
        from valid in Pick.From(Valid)
        from changes in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 10_000], Gen.Byte, Gen.Int[1, 8]).Array[1, 5]
        select changes.Aggregate(Encoding.UTF8.GetBytes(valid), (body, change) =>
        {
            var at = change.Item2 % (body.Length + 1);
            var end = Math.Min(at + change.Item4, body.Length);
            return change.Item1 switch
            {
                0 when at < body.Length => [.. body[..at], change.Item3, .. body[(at + 1)..]],
                1 => [.. body[..at], .. body[end..]],
                2 => [.. body[..end], .. body[at..]],
                _ => [.. body[..at], change.Item3, .. body[at..]],
            };
        });

    /// <summary>Any fields with any values, many of them twice.</summary>
    private static Gen<byte[]> Fields() =>
        from fields in Gen.Select(Pick.From(Names), Pick.From(Values)).Array[0, 8]
        select Encoding.UTF8.GetBytes($"{{{string.Join(',', fields.Select(field => $"\"{field.Item1}\":{field.Item2}"))}}}");

    /// <summary>A prompt that is no UTF-8.</summary>
    private static Gen<byte[]> Broken() =>
        from octets in Gen.Byte[0x80, 0xFF].Array[1, 12]
        from cut in Gen.Bool
        select (byte[])[.. "{\"prompt\": \"a"u8, .. octets, .. cut ? ""u8 : "\"}"u8];

    private static Gen<byte[]> Nested() =>
        from depth in Gen.Int[1, 20_000]
        from isObject in Gen.Bool
        select Encoding.UTF8.GetBytes(isObject
            ? string.Concat(Enumerable.Repeat("{\"prompt\":", depth)) + "1" + new string('}', depth)
            : $$"""{"prompt":"x","y":{{new string('[', depth)}}{{new string(']', depth)}}}""");
}
