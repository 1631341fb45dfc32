using System.Globalization;

namespace Iga.Bench.Reports;

/// <summary>How figures are written.</summary>
internal static class Words
{
    public static string Of(double value, Unit unit) => $"{Number(value)}{Suffix(unit)}";

    public static string Suffix(Unit unit) => unit switch
    {
        Unit.PerSecond => "/s",
        Unit.Milliseconds => " ms",
        Unit.Microseconds => " µs",
        Unit.Seconds => " s",
        Unit.Megabytes => " MB",
        Unit.Percent => " %",
        Unit.Count => "",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, null),
    };

    public static string Number(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
