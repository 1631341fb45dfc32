using System.Buffers;
using System.Text.RegularExpressions;

namespace Iga.Faults;

/// <summary>
/// Finds in a text what is for nobody's eyes, by its looks: keys, and names of machines, accounts and files. In time that grows with
/// the text's length alone, whatever stands in it.
/// </summary>
internal static class Confidential
{
    // Without backtracking a search is linear; such a pattern has no lookaround.
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private const RegexOptions LinearOfAnyCase = Linear | RegexOptions.IgnoreCase;

    private const RegexOptions Spaced = RegexOptions.IgnorePatternWhitespace;

    /// <summary>A run of letters and digits that is at least so long and looks random is taken for a key.</summary>
    private const int KeyLength = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly Regex PrivateKey = new(
        @"-----BEGIN[A-Z ]*PRIVATE\ KEY-----(?: [^-]* -----END[A-Z ]*----- | [^-]* [\w-]* )", Linear | Spaced);

    private static readonly Regex Secret = new(
        """
        \b bearer \s+ [\w.~+/=-]+
        | ya29\. [\w.-]+
        | (?-i: AIza [\w-]{6,} )
        | \b AKIA [0-9A-Z]{16}
        | \b sk- [\w-]{16,}
        | (?-i: eyJ [\w-]{8,} \. [\w-]+ (?: \. [\w-]* )? )
        """,
        LinearOfAnyCase | Spaced);

    private static readonly Regex NamedSecret = new(
        """
        \b ( (?: [a-z0-9]+ [_-] )* (?: key | token | secret | password | passwd | pwd | signature | sig | credential ) )
        (?: = [^\s&"',;)[\]<>]+ | ["']? : \s* ["']? [\w+/=~.-]{16,} )
        """,
        LinearOfAnyCase | Spaced);

    private static readonly Regex Run = new($@"[\w+-]{{{KeyLength},}}={{0,2}}", Linear);

    private static readonly Regex Address = new(
        """(?: [a-z][a-z0-9+.-]* : )? // [^\s"'<>)\]]+ | \b (?: javascript | vbscript | data ) : [^\s"'<>)\]]+""", LinearOfAnyCase | Spaced);

    private static readonly Regex Account = new(@"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", Linear);

    private static readonly Regex Host = new(
        """
        \b (?: [a-z0-9-]+ \. )+ (?: com | net | org | io | dev | app | cloud | edu | gov | mil | info | biz | ai | co | eu | de | fr | uk | nl
            | ch | corp | lan | intra | intranet | internal | local | localdomain | arpa ) \b (?: : \d+ )?
        | \b localhost \b (?: : \d+ )?
        | \b \d{1,3} (?: \. \d{1,3} ){3} \b (?: : \d+ )?
        | \b (?: [a-z0-9]+ [.-] )+ [a-z0-9]+ : \d{2,5} \b
        | \b (?: [0-9a-f]{1,4} : ){3,7} [0-9a-f]{1,4} \b
        | (?: \b [0-9a-f]{1,4} (?: : [0-9a-f]{1,4} )* )? :: [0-9a-f]{1,4} (?: : [0-9a-f]{1,4} )* \b
        """,
        LinearOfAnyCase | Spaced);

    private static readonly Regex Path = new(
        """
        (^ | [\s"'(=:,\[]) (?: / (?: home | root | usr | var | etc | opt | tmp | srv | mnt | proc | sys | run | app | users )
            | [a-z] :\\ | \\\\ ) [^\s"'<>)\],;]*
        """,
        LinearOfAnyCase | Spaced);

    /// <summary>Puts <c>[secret]</c> in the place of keys, tokens and passwords.</summary>
    public static string HideSecrets(string text)
    {
        text = PrivateKey.Replace(text, "[secret]");
        text = Secret.Replace(text, "[secret]");
        text = NamedSecret.Replace(text, "$1=[secret]");
        return Run.Replace(text, static match => LooksRandom(match.ValueSpan) ? "[secret]" : match.Value);
    }

    /// <summary>
    /// Puts <c>[address]</c>, <c>[account]</c>, <c>[host]</c> and <c>[path]</c> in the place of what they say. The name of one of Google's
    /// services, such as <c>aiplatform.googleapis.com</c>, stays: it is public, and quotas are called by it.
    /// </summary>
    public static string HidePlaces(string text)
    {
        text = Address.Replace(text, "[address]");
        text = Account.Replace(text, "[account]");
        text = Host.Replace(text, static match => IsGoogleService(match.ValueSpan) ? match.Value : "[host]");
        return Path.Replace(text, "$1[path]");
    }

    private static bool IsGoogleService(ReadOnlySpan<char> name) =>
        name.EndsWith(".googleapis.com", StringComparison.Ordinal)
        && name[..^".googleapis.com".Length].IndexOfAnyExceptInRange('a', 'z') < 0;

    /// <summary>
    /// Letters of both cases with digits, or hexadecimal digits alone. Names of quotas are longer, but of small letters; UUIDs name requests.
    /// </summary>
    private static bool LooksRandom(ReadOnlySpan<char> run) =>
        run.ContainsAnyInRange('0', '9')
        && !Guid.TryParseExact(run, "D", out _)
        && ((run.ContainsAnyInRange('a', 'z') && run.ContainsAnyInRange('A', 'Z')) || !run.ContainsAnyExcept(HexDigits));
}
