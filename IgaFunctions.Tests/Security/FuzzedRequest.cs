using System.Text;
using System.Text.RegularExpressions;

namespace Iga.Tests.Security;

/// <summary>A request as it goes over the wire.</summary>
/// <param name="IsWellFramed">Whether it is HTTP, whatever stands in it: then the app itself answers.</param>
/// <param name="IsWhole">Whether it ends where it says; to a caller that hangs up before that nobody need answer.</param>
internal sealed partial record FuzzedRequest(byte[] Bytes, bool IsWellFramed, bool IsWhole)
{
    /// <summary>The idempotency key in it, if it has a right one.</summary>
    public string Key => KeyPattern().Match(Encoding.Latin1.GetString(Bytes)).Value;

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var octet in Bytes.AsSpan(0, Math.Min(Bytes.Length, 1200)))
        {
            text.Append(octet is >= 0x20 and < 0x7F or (byte)'\n' ? (char)octet : '.');
        }

        return $"{(IsWellFramed ? "well framed" : "broken")}, {Bytes.Length} bytes, hex {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 400)))}:\n{text}";
    }

    [GeneratedRegex("fuzz-[0-9a-f]{32}")]
    private static partial Regex KeyPattern();
}
