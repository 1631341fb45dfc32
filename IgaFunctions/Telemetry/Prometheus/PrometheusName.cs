using System.Text;

namespace Iga.Telemetry.Prometheus;

/// <summary>What an instrument is called there: in base units, with the unit at the end of its name, and _total after that for what only rises.</summary>
/// <param name="Scale">What the instrument's values are multiplied by.</param>
internal readonly record struct PrometheusName(string Name, string? Unit, double Scale)
{
    private const string Total = "_total";

    public static PrometheusName Of(string name, string unit)
    {
        var plain = Sanitized(name);
        var (suffix, scale) = unit switch
        {
            "ms" => ("seconds", 0.001),
            "s" => ("seconds", 1),
            "By" => ("bytes", 1),
            _ => (null, 1.0), // numbers of things, and {USD}, which stands in the name
        };
        if (unit == "ms" && plain.EndsWith("_ms", StringComparison.Ordinal))
        {
            plain = plain[..^3];
        }

        if (plain.EndsWith(Total, StringComparison.Ordinal))
        {
            plain = plain[..^Total.Length];
        }

        return suffix is null || plain.EndsWith("_" + suffix, StringComparison.Ordinal)
            ? new(plain, suffix, scale)
            : new($"{plain}_{suffix}", suffix, scale);
    }

    public static string Counter(string family) => family + Total;

    /// <summary>A name of a metric or of a label.</summary>
    public static string Sanitized(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetter(letter) || (char.IsAsciiDigit(letter) && text.Length > 0))
            {
                text.Append(letter);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }

        return text.ToString();
    }
}
