using System.Globalization;
using System.Text.RegularExpressions;

namespace Iga.Emulators.Faults;

/// <summary>Reads the names of faults, in the spirit of the instructions of Google's storage test bench.</summary>
public static partial class FaultName
{
    /// <summary>The forms that <see cref="Parse"/> knows, for error messages and help.</summary>
    public const string Forms =
        "return-<status>[-after-body|-after-<n>K|-retry-date-<n>s|-retry-info-<n>s], refused-token-401, rate-limit-403, "
        + "user-rate-limit-403, return-reset-connection[-after-body], reset-inside-body[-after-<n>[K]], "
        + "truncate-body[-after-<n>[K]], stall-for-<n>s[-after-body|-inside-body[-after-<n>[K]]], stall-inside-body, "
        + "slow-first-byte, slow-body-at-<n>[K], latency-<n>ms, malformed-json, blocked-prompt-400, blocked-prompt-200, "
        + "finish-<REASON>, block-<REASON>, no-predictions, text-only, refused-draft, "
        + "jpeg, wrong-mime, not-an-image, oversized[-<n>M], precondition-failed-412, wrong-crc32c, "
        + "expired-url-400, signature-mismatch-403, rewrite-in-parts, answer-<dress>, picture-<damage>, refusal-<wording>, error-<status>-<dress>";

    /// <exception cref="FormatException">No fault has that name; the message lists the forms.</exception>
    public static Fault Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name switch
        {
            "refused-token-401" => new Fault.RefusedToken(),
            "rate-limit-403" => new Fault.RateLimit(OfUser: false),
            "user-rate-limit-403" => new Fault.RateLimit(OfUser: true),
            "return-reset-connection" => new Fault.ResetConnection(),
            "return-reset-connection-after-body" => new Fault.ResetConnection(AfterWork: true),
            "stall-inside-body" => new Fault.StallInsideBody(TimeSpan.FromSeconds(5)),
            "slow-first-byte" => new Fault.StallInsideBody(TimeSpan.FromSeconds(5), Bytes: 0),
            "refused-draft" => new Fault.RefusedDraft(),
            "malformed-json" => new Fault.MalformedJson(),
            "blocked-prompt-400" => new Fault.BlockedPrompt(AsError: true),
            "blocked-prompt-200" => new Fault.BlockedPrompt(AsError: false),
            "no-predictions" => new Fault.NoPredictions(),
            "text-only" => new Fault.TextOnly(),
            "jpeg" => new Fault.Jpeg(),
            "wrong-mime" => new Fault.WrongMime(),
            "not-an-image" => new Fault.NotAnImage(),
            "oversized" => new Fault.Oversized(),
            "precondition-failed-412" => new Fault.PreconditionFailed(),
            "wrong-crc32c" => new Fault.WrongCrc32C(),
            "expired-url-400" => new Fault.ExpiredUrl(),
            "signature-mismatch-403" => new Fault.SignatureMismatch(),
            "rewrite-in-parts" => new Fault.RewriteInParts(),
            _ => ParseNamed(name) ?? ParseNumbered(name),
        };
    }

    /// <summary>Kinds of which each case has a name.</summary>
    private static Fault? ParseNamed(string name) => name.Split('-', 2) switch
    {
        ["answer", var dress] when AnswerCases.Dresses.Contains(dress) => new Fault.Dressed(dress),
        ["picture", var damage] when AnswerCases.Damages.Contains(damage) => new Fault.DamagedPicture(damage),
        ["refusal", var wording] when AnswerCases.Wordings.Contains(wording) => new Fault.Refusal(wording),
        ["finish", var reason] when ReasonOf(reason, AnswerCases.FinishReasons) is { } known => new Fault.Finish(known),
        ["block", var reason] when ReasonOf(reason, AnswerCases.BlockReasons) is { } known => new Fault.Block(known),
        ["error", [>= '4' and <= '5', >= '0' and <= '9', >= '0' and <= '9', '-', .. var dress] rest]
            when AnswerCases.ErrorDresses.Contains(dress) => new Fault.ErrorAnswer((int)Number(rest[..3]), dress),
        _ => null,
    };

    private static Fault ParseNumbered(string name)
    {
        if (Form().Match(name) is not { Success: true } match)
        {
            throw new FormatException($"there is no fault \"{name}\"; there are: {Forms}");
        }

        string? Text(string group) => match.Groups[group] is { Success: true } g ? g.Value : null;
        var bytes = Text("bytes") is { } n ? Number(n) * (Text("kilo") is null ? 1 : 1024) : (long?)null;
        var afterBody = Text("body") is not null;
        var stall = Text("seconds") is { } s ? TimeSpan.FromSeconds(double.Parse(s, CultureInfo.InvariantCulture)) : default;

        if (Text("status") is { } status)
        {
            var code = (int)Number(status);
            return match switch
            {
                _ when Text("upload") is { } limit => new Fault.ReturnStatusAfterBytes(code, Number(limit) * 1024),
                _ when Text("date") is { } date => new Fault.ReturnStatusUntil(code, (int)Number(date)),
                _ when Text("info") is { } info => new Fault.ReturnStatusWithRetryInfo(code, double.Parse(info, CultureInfo.InvariantCulture)),
                _ => new Fault.ReturnStatus(code, afterBody),
            };
        }

        return match switch
        {
            _ when Text("reset") is not null => new Fault.ResetInsideBody(bytes),
            _ when Text("truncate") is not null => new Fault.TruncateBody(bytes),
            _ when Text("inside") is not null => new Fault.StallInsideBody(stall, bytes),
            _ when Text("seconds") is not null => new Fault.Stall(stall, afterBody),
            _ when Text("ms") is { } ms => new Fault.Stall(TimeSpan.FromMilliseconds(Number(ms))),
            _ when Text("rate") is not null => new Fault.SlowBody((int)bytes!),
            _ => new Fault.Oversized((int)Number(Text("mega")!)),
        };
    }

    /// <returns>The reason, however it is spelt; a number stands for one that a client does not know; null when there is no such reason.</returns>
    private static string? ReasonOf(string name, IReadOnlyList<string> known)
    {
        var reason = name.ToUpperInvariant().Replace('-', '_');
        return known.Contains(reason) || (reason.Length is > 0 and < 5 && reason.All(char.IsAsciiDigit)) ? reason : null;
    }

    private static long Number(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        """
        ^(?:
          return-(?<status>[45]\d\d)(?:-after-(?:(?<body>body)|(?<upload>\d{1,9})K)
            |-retry-date-(?<date>\d{1,5})s|-retry-info-(?<info>\d{1,5}(?:\.\d{1,3})?)s)?
        | (?:(?<reset>reset-inside-body)|(?<truncate>truncate-body)
          |stall-for-(?<seconds>\d{1,5}(?:\.\d{1,3})?)s(?<inside>-inside-body))
          (?:-after-(?<bytes>\d{1,12})(?<kilo>K)?)?
        | stall-for-(?<seconds>\d{1,5}(?:\.\d{1,3})?)s(?<body>-after-body)?
        | latency-(?<ms>\d{1,8})ms
        | oversized-(?<mega>\d{1,5})M
        | slow-body-at-(?<rate>(?<bytes>[1-9]\d{0,5})(?<kilo>K)?)
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
