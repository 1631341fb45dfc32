using System.Text.RegularExpressions;

namespace Iga.Callers;

/// <summary>
/// One entry of a list of keys: <c>name:key</c>, <c>name:sha256:HEX</c>, or a key alone as in version 1.1. What stands before the
/// first colon is the name; a key may hold further ones.
/// </summary>
internal static partial class ApiKeyEntry
{
    /// <summary>Characters.</summary>
    public const int ShortestKey = 24;

    /// <summary>Characters, which are bytes: keys are ASCII.</summary>
    public const int LongestKey = 512;

    /// <summary>A key with fewer was not drawn at random: of 24 random digits one in a hundred thousand has so few.</summary>
    private const int FewestDifferent = 5;

    private const string HashMark = "sha256:";

    /// <param name="needsName">Whether a key alone is wrong.</param>
    /// <param name="problem">What is wrong with the entry; never holds the key.</param>
    public static ApiKey? Read(string entry, bool needsName, out string? problem)
    {
        var colon = entry.StartsWith(HashMark, StringComparison.Ordinal) ? -1 : entry.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            problem = needsName ? "the key has no name: write name:key or name:sha256:HEX" : null;
            return problem is null && HashIn(entry, out problem) is { } unnamed ? ApiKey.Unnamed(unnamed) : null;
        }

        var name = entry[..colon].TrimEnd();
        if (!Name().IsMatch(name))
        {
            // Not shown: what stands there may be a key that holds a colon.
            problem = "what stands before the first colon is no name: must be 1 to 64 letters, digits, dots, dashes and underscores, "
                + "with a letter or digit first";
            return null;
        }

        var hash = HashIn(entry[(colon + 1)..].TrimStart(), out problem);
        problem = problem is null ? null : $"'{name}': {problem}";
        return hash is null ? null : new ApiKey(new Caller(name), hash);
    }

    private static byte[]? HashIn(string text, out string? problem)
    {
        if (text.StartsWith(HashMark, StringComparison.Ordinal))
        {
            var hex = text[HashMark.Length..];
            problem = Sha256().IsMatch(hex) ? null : "after sha256: must stand the 64 hex digits of the key's SHA-256";
            return problem is null ? Convert.FromHexString(hex) : null;
        }

        problem = text switch
        {
            _ when text.Any(character => character is < ' ' or > '~') => "the key must be printable ASCII",
            { Length: < ShortestKey } => $"the key has fewer than {ShortestKey} characters",
            { Length: > LongestKey } => $"the key has more than {LongestKey} characters",
            _ when text.Distinct().Count() < FewestDifferent =>
                $"the key has fewer than {FewestDifferent} different characters, so it can be guessed: draw one at random",
            _ => null,
        };
        return problem is null ? ApiKey.HashOf(text) : null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^[0-9A-Fa-f]{64}\\z")]
    private static partial Regex Sha256();
}
