using System.Text;
using System.Text.RegularExpressions;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// A pattern of <c>matchGlob</c>: <c>*</c> and <c>?</c> stop at a slash, <c>**</c> does not; <c>[a-c]</c>, <c>[!a]</c> and
/// <c>{a,b}</c> are what a shell takes them for, and a backslash takes the meaning away from what follows it.
/// </summary>
internal static class Glob
{
    /// <returns>Whether a name fits.</returns>
    /// <exception cref="ApiException">400: a bracket that is not closed, or a range that runs backwards.</exception>
    public static Func<string, bool> Parse(string glob)
    {
        var pattern = new StringBuilder(@"\A");
        var depth = 0;
        for (var i = 0; i < glob.Length; i++)
        {
            switch (glob[i])
            {
                case '*' when glob.AsSpan(i).StartsWith("**"):
                    i++;
                    // "a/**/b" also stands for "a/b".
                    var folders = i + 1 < glob.Length && glob[i + 1] == '/' && (i == 1 || glob[i - 2] == '/');
                    i += folders ? 1 : 0;
                    pattern.Append(folders ? "(?:.*/)?" : ".*");
                    break;
                case '*':
                    pattern.Append("[^/]*");
                    break;
                case '?':
                    pattern.Append("[^/]");
                    break;
                case '{':
                    depth++;
                    pattern.Append("(?:");
                    break;
                case '}' when depth > 0:
                    depth--;
                    pattern.Append(')');
                    break;
                case ',' when depth > 0:
                    pattern.Append('|');
                    break;
                case '[':
                    i = AppendClass(pattern, glob, i);
                    break;
                case '\\' when i + 1 < glob.Length:
                    pattern.Append(Regex.Escape(glob[++i].ToString()));
                    break;
                case var c:
                    pattern.Append(Regex.Escape(c.ToString()));
                    break;
            }
        }

        try
        {
            // Without backtracking, no pattern takes longer than a name is long.
            return new Regex(
                depth == 0 ? pattern.Append(@"\z").ToString() : throw Invalid(glob),
                RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant).IsMatch;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw Invalid(glob);
        }
    }

    /// <returns>Where the class ends.</returns>
    private static int AppendClass(StringBuilder pattern, string glob, int start)
    {
        var negated = start + 1 < glob.Length && glob[start + 1] is '!' or '^';
        var first = start + (negated ? 2 : 1);
        // A bracket that comes first is one of the characters.
        var end = first < glob.Length ? glob.IndexOf(']', first + 1) : -1;
        if (end < 0)
        {
            throw Invalid(glob);
        }

        pattern.Append(negated ? "[^/" : "[");
        foreach (var c in glob.AsSpan(first..end))
        {
            pattern.Append(c is '[' or ']' or '\\' or '^' ? $@"\{c}" : c.ToString());
        }

        pattern.Append(']');
        return end;
    }

    private static ApiException Invalid(string glob) =>
        new(400, "invalid", $"Invalid value for matchGlob: \"{glob}\".") { Parameter = "matchGlob" };
}
