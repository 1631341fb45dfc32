using System.Globalization;
using System.Text;
using CsCheck;
using Iga.GenerateImage;

namespace Iga.Tests.Security;

/// <summary>Whole requests at the routes, right and wrong in every part.</summary>
internal static class RequestFuzz
{
    private static readonly Gen<string> Key = Gen.Guid.Select(id => $"X-Idempotency-Key: fuzz-{id:N}");

    /// <summary>Header lines that are HTTP, and that the app has to judge.</summary>
    private static readonly Gen<string> OddLine = Gen.OneOf(
        Pick.From(
            "X-Idempotency-Key:", "X-Idempotency-Key:    ", "X-Idempotency-Key: other", "x-idempotency-key: a\tb", "X-Workflow-ID: w",
            "X-Workflow-ID: one\r\nX-Workflow-ID: two", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16",
            "Content-Type: \u00ff", "Content-Encoding: gzip", "Accept: text/html", "x-functions-key: nope", "Cookie: a=b",
            "Prefer: wait=0", "Prefer: wait=\"", "Prefer: ;,=, wait=-1", "Last-Event-ID: 0", "X-HTTP-Method-Override: DELETE", "X-Forwarded-For: 1.2.3.4", "Range: bytes=0-1", "traceparent: 00-zz", "If-Match: *"),
        Gen.Int[240, 270].Select(length => $"X-Idempotency-Key: {new string('k', length)}"),
        Gen.Int[240, 270].Select(length => $"X-Workflow-ID: {new string('w', length)}"),
        Gen.Int[0x80, 0xFF].Array[1, 20].Select(octets => $"X-Idempotency-Key: k{string.Concat(octets.Select(octet => (char)octet))}"),
        Gen.Int[0x21, 0xFF].Array[1, 40].Select(octets =>
            $"X-Odd: {string.Concat(octets.Where(octet => octet != 0x7F).Select(octet => (char)octet))}"));

    /// <summary>Lines that break HTTP itself.</summary>
    private static readonly Gen<string> BrokenLine = Gen.OneOf(
        Pick.From(
            "no colon", ": no name", "Bad Name: x", "Content-Length: -1", "Content-Length: 1x", "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 99999999999999999999", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, chunked", "Host: a\r\nHost: b",
            "X: a\0b", "X: a\rb", " folded: x", "Upgrade: h2c\r\nConnection: Upgrade", "Expect: 200-ok", "Host: ba d"),
        Gen.Int[10, 80].Select(kilobytes => $"X-Huge: {new string('h', kilobytes * 1024)}"),
        Gen.Int[90, 200].Select(count => string.Join("\r\n", Enumerable.Range(0, count).Select(index => $"X-{index}: v"))),
        Gen.Int[0, 0xFF].Array[1, 40].Select(octets => string.Concat(octets.Select(octet => (char)octet))));

    private static readonly Gen<string> Id = Gen.OneOf(
        Gen.Guid.Select(id => id.ToString()), Gen.Guid.Select(id => id.ToString("N")), Gen.Guid.Select(id => id.ToString("B")),
        Gen.Guid.Select(id => id.ToString().ToUpperInvariant()), Gen.Guid.Select(id => $"{id}%20"), Gen.Guid.Select(id => $"{id}/x"),
        Pick.From("..", "%2e%2e", "%2e%2e%2fhealth", "%00", "%ff", "%c3%bc", "%", "%zz", "", "a b", "null", "*", "'", "%27%20or%201=1",
            "0", "-1", "?code=x", "x?code=a&code=b", "%E2%80%AE", "~", "{taskId}", "events?status=x", "events?last_event_id=0", "events?%00=1", "00000000-0000-7000-8000-000000000000?wait=61", "00000000-0000-0000-0000-000000000000#x"),
        Gen.Int[1, 9000].Select(length => new string('i', length)),
        Gen.Int[0x21, 0x7E].Array[1, 60].Select(octets => string.Concat(octets.Select(octet => (char)octet))));

    private static readonly Gen<string> Parameter =
        from name in Gen.Frequency((9, Pick.From("status", "workflow_id", "idempotency_key", "caller", "since", "until", "order", "limit", "after", "by")),
            (1, Pick.From("code", "clientId", "", "STATUS", "status[]", "%00", "%ff", "a b")))
        from value in Gen.OneOf(
            Pick.From("SUCCESS", "PENDING,RETRY", "FAILURE,", "newest", "price", "day", "workflow", "1", "200", "201", "-1", "1e2", "١", "", "%00", "%ff", "%",
                "2026-11-28", "2026-11-28T10:00:00Z", "2999-01-01", "0001-01-01", "9999-12-31T23:59:59Z", "2026-11-28T24:00:00Z", "-0001-01-01",
                "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffff_99999999999999999999999999999",
                "'", "%27%3b--", "%F0%9F%97%BC", "%ed%a0%80", "fuzz"),
            Gen.Guid.Select(id => id.ToString("N")), Gen.Int[1, 600].Select(length => new string('v', length)),
            Gen.Int[0x21, 0x7E].Array[1, 40].Select(octets => string.Concat(octets.Select(octet => (char)octet)).Replace("#", "", StringComparison.Ordinal)))
        select $"{name}={value}";

    public static Gen<FuzzedRequest> Requests { get; } = Gen.Frequency(
        (6, WellFramedPost()), (3, Poll()), (2, Listing()), (3, BrokenPost()), (2, WrongLength()), (1, Gen.Byte.Array[1, 300].Select(Broken)));

    private static Gen<FuzzedRequest> WellFramedPost() =>
        from body in BodyFuzz.Bodies
        from key in Gen.Frequency((8, Key), (1, Gen.Const("X-None: x")))
        from odd in Gen.Frequency((3, Gen.Const(Array.Empty<string>())), (1, OddLine.Array[1, 3]))
        from chunk in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 100]))
        select chunk == 0
            ? Request("POST /generate_image", body, [key, .. odd, $"Content-Length: {body.Length}"], isWellFramed: true, isWhole: true)
            : Request("POST /generate_image", Chunked(body, chunk), [key, .. odd, "Transfer-Encoding: chunked"], isWellFramed: true, isWhole: true);

    private static Gen<FuzzedRequest> Poll() =>
        from method in Gen.Frequency((8, Gen.Const("GET")), (1, Pick.From("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW", "get")))
        from path in Gen.Frequency(
            (9, Id.Select(id => $"/v1/tasks/{id}")), (1, Pick.From("/", "/v1/tasks", "/health", "/generate_image", "/v1/tasks/a/b", "//", "/v2")))
        from odd in OddLine.Array[0, 2]

            // What Kestrel refuses of a path by itself is as good as broken HTTP.
        select Request($"{method} {path}", [], odd, isWellFramed: false, isWhole: true);

    private static Gen<FuzzedRequest> Listing() =>
        from path in Pick.From("/v1/tasks", "/v1/usage", "/v1/stats")
        from parameters in Parameter.Array[0, 4]
        select Request($"GET {path}?{string.Join('&', parameters)}", [], [], isWellFramed: false, isWhole: true);

    private static Gen<FuzzedRequest> BrokenPost() =>
        from body in BodyFuzz.Bodies
        from key in Key
        from broken in BrokenLine.Array[1, 3]
        from line in Gen.Frequency((3, Gen.Const("POST /generate_image")), (1, Pick.From("POST generate_image", "POST http://x/generate_image",
            "POST  /generate_image", "P\u00d6ST /generate_image", "POST /generate_image HTTP/9.9 x", "POST *", "CONNECT x:1", "POST /generate_image\0")))
        select Request(line, body, [key, .. broken, $"Content-Length: {body.Length}"], isWellFramed: false, isWhole: false);

    /// <summary>A body that is shorter or longer than it says, or that ends inside a chunk.</summary>
    private static Gen<FuzzedRequest> WrongLength() =>
        from body in BodyFuzz.Bodies
        from key in Key
        from length in Gen.OneOf(Gen.Long[0, 300_000], Gen.Const(10_000_000_000L), Gen.Const(long.MaxValue))
        from kind in Gen.Int[0, 2]
        from cut in Gen.Int[1, 12]
        select kind switch
        {
            // What is announced as too large is refused before the rest of it comes.
            0 => Request("POST /generate_image", body, [key, $"Content-Length: {length}"], isWellFramed: false, isWhole: length > RequestBody.MaxBytes),
            1 => Request("POST /generate_image", Chunked(body, 16)[..^Math.Min(cut, 5)], [key, "Transfer-Encoding: chunked"], isWellFramed: false, isWhole: false),
            _ => Request("POST /generate_image", body, [key, "Transfer-Encoding: chunked"], isWellFramed: false, isWhole: false),
        };

    private static byte[] Chunked(byte[] body, int size) =>
    [
        .. body.Chunk(size).SelectMany(chunk => (byte[])
            [.. Encoding.ASCII.GetBytes(chunk.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. chunk, .. "\r\n"u8]),
        .. "0\r\n\r\n"u8,
    ];

    private static FuzzedRequest Request(string line, byte[] body, string[] headers, bool isWellFramed, bool isWhole) => new(
        [
            .. Encoding.Latin1.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\n{string.Join("\r\n", headers)}\r\n\r\n".Replace("\r\n\r\n\r\n", "\r\n\r\n", StringComparison.Ordinal)),
            .. body,
        ],
        isWellFramed, isWhole);

    private static FuzzedRequest Broken(byte[] bytes) => new(bytes, IsWellFramed: false, IsWhole: false);
}
