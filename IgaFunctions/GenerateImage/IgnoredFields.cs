using System.Text;

namespace Iga.GenerateImage;

/// <summary>
/// The header that names the members of a body that were ignored: a list of RFC 9651, of tokens where the name is one, else of
/// strings. A <c>*</c> at its end says that there were more.
/// </summary>
internal static class IgnoredFields
{
    public const string HeaderName = "Ignored-Fields";

    private const int MostNames = 20;

    /// <summary>Characters.</summary>
    private const int LongestName = 64;

    private static readonly System.Buffers.SearchValues<char> OfTokens = System.Buffers.SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~:/");

    /// <returns>The header's value; null where nothing was ignored.</returns>
    public static string? Value(IReadOnlyList<string> names) => names.Count == 0 ? null : string.Join(
        ", ", names.Take(MostNames).Select(Item).Concat(names.Count > MostNames ? ["*"] : []));

    /// <summary>A caller's name, so that it can stand in a header, a message or a log: short, and printable ASCII.</summary>
    public static string Printable(string name)
    {
        var printable = new StringBuilder(Math.Min(name.Length, LongestName));
        foreach (var rune in name.AsSpan(0, Math.Min(name.Length, LongestName)).EnumerateRunes())
        {
            printable.Append(rune.Value is < ' ' or > '~' ? '?' : (char)rune.Value);
        }

        return printable.ToString();
    }

    private static string Item(string name)
    {
        var printable = Printable(name);
        return printable.Length > 0 && char.IsAsciiLetter(printable[0]) && !printable.AsSpan().ContainsAnyExcept(OfTokens)
            ? printable
            : $"\"{printable.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }
}
