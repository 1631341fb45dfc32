using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iga.Emulators.Vertex.ProtoJson;

/// <summary>Reads JSON for fields that hold one value: a text, a number, a flag, bytes, an enum's name.</summary>
internal static class ScalarJson
{
    private const int LongestQuote = 200;

    private const NumberStyles Digits = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <returns>Null when the type does not take it.</returns>
    public static JsonValue? Read(JsonElement sent, FieldType type) => type switch
    {
        FieldType.Text when sent.ValueKind == JsonValueKind.String => JsonValue.Create(sent.GetString()),
        FieldType.Binary when sent.ValueKind == JsonValueKind.String => JsonValue.Create(Base64(sent)),
        FieldType.Flag => Flag(sent) is { } flag ? JsonValue.Create(flag) : null,
        FieldType.WholeNumber => Whole(sent) is { } number ? JsonValue.Create(number) : null,
        FieldType.Fraction => Fraction(sent) is { } number ? JsonValue.Create(number) : null,
        FieldType.Choice choice => Name(sent, choice) is { } name ? JsonValue.Create(name) : null,
        _ => null,
    };

    /// <returns>The text in the usual alphabet, padded; null when it is no base64 in either alphabet.</returns>
    public static string? Base64(JsonElement sent)
    {
        var text = sent.GetString()!;
        var bare = text.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var usual = bare.PadRight((bare.Length + 3) / 4 * 4, '=');
        return System.Buffers.Text.Base64.IsValid(usual) ? usual : null;
    }

    /// <returns>The value as an error quotes it.</returns>
    public static string Quoted(JsonElement sent)
    {
        var text = sent.GetRawText();
        return text.Length <= LongestQuote ? text : $"{text[..LongestQuote]}…\"";
    }

    /// <returns>7 for 7, 7.0, 7e0, and for each of them as a string; null for what is no whole number of 32 bits.</returns>
    public static int? Whole(JsonElement sent) =>
        decimal.TryParse(Number(sent), Digits, CultureInfo.InvariantCulture, out var number)
        && number == decimal.Truncate(number) && number is >= int.MinValue and <= int.MaxValue
            ? (int)number
            : null;

    private static bool? Flag(JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => sent.GetString() switch { "true" => true, "false" => false, _ => null },
        _ => null,
    };

    private static double? Fraction(JsonElement sent) =>
        double.TryParse(Number(sent), Digits, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= float.MaxValue
            ? number
            : null;

    private static string? Number(JsonElement sent) => sent.ValueKind switch
    {
        JsonValueKind.Number => sent.GetRawText(),
        JsonValueKind.String => sent.GetString(),
        _ => null,
    };

    // A number that has no name is kept: an enum of a later version may have one for it.
    private static string? Name(JsonElement sent, FieldType.Choice choice)
    {
        if (Whole(sent) is { } number)
        {
            return number >= 0 && number < choice.Names.Length ? choice.Names[number] : number.ToString(CultureInfo.InvariantCulture);
        }

        var name = sent.ValueKind == JsonValueKind.String ? sent.GetString()!.Replace('-', '_') : null;
        return choice.Names.FirstOrDefault(n => n.Equals(name, StringComparison.OrdinalIgnoreCase));
    }
}
