using System.Text.RegularExpressions;
using Iga.Models.Dialects;

namespace Iga.Models;

/// <summary>
/// Tells a refusal of the prompt from an error of the request's form: both come as a 400, and a refusal has many wordings.
/// </summary>
internal static partial class Refusals
{
    /// <param name="status">The HTTP status that the error has or stands for.</param>
    public static bool IsRefusal(int status, ErrorReply error) => status switch
    {
        400 or 422 => IsReason(error.Reason) || (error.Message is { } message && IsWording(message)),
        403 => IsReason(error.Reason),
        _ => false,
    };

    // Of google.rpc.ErrorInfo. PUBLIC_ERROR_… is a family of which not every one is about the content.
    private static bool IsReason(string? reason) => reason is not null
        && (reason is "CONTENT_BLOCKED" or "PROMPT_BLOCKED" || reason.Contains("UNSAFE", StringComparison.Ordinal));

    /// <summary>Characters that are looked at: the patterns' time grows with the square of a text that is made for it.</summary>
    private const int MaxScanned = 2_048;

    private static bool IsWording(string message)
    {
        var text = message[..Math.Min(message.Length, MaxScanned)].Replace('’', '\'');
        return Wording().IsMatch(text) && !RuleOfTheOrganization().IsMatch(text);
    }

    // Pieces, since Google's sentences change and these stay. "Error Code: 400" is an HTTP status and no support code.
    [GeneratedRegex(
        """
        support \s codes?
        | error \s codes? :? \s* (?! [1-5]\d\d \b) \d
        | (?: could \s not | couldn't | can't | cannot ) \s be \s submitted
        | violat \w+ [^.]* (?: polic | guidelines | practices | responsible \s ai | terms \s of )
        | responsible \s ai
        | (?: response | prompt | content | input | image )s? \s (?: is | are | was | were | has \s been | have \s been ) \s blocked
        | blocked \s (?: due \s to | because \s of | by | for ) \s [^.]* (?: safety | prohibited | content | polic | model \s armor )
        | filtered \s out
        | safety \s (?: filter | setting )s? [^.]* prohibit
        | (?: contains? | sensitive | prohibited | harmful | unsafe ) \s (?: sensitive \s words | words | content \s that )
        | model \s armor [^.]* (?: blocked | violat | flagged | filtered | prohibited )
        | (?: blocked | violat \w+ | flagged | filtered | prohibited ) \s [^.]* model \s armor
        | rephras
        """,
        RegexOptions.IgnoreCase | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Wording();

    // Those of the organization that the project belongs to, which no prompt can violate.
    [GeneratedRegex(@"\borgani[sz]ation|\bconstraints?\b|\bvpc\b|\bpermission", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RuleOfTheOrganization();
}
