using System.Globalization;

namespace Iga.LocalHost.Functions.Timers;

/// <summary>One field of a schedule as a set of numbers below 64: <c>*</c>, <c>5</c>, <c>1-5</c>, <c>*/10</c>, <c>5/10</c>, lists.</summary>
internal readonly struct CronField
{
    private readonly ulong _values;

    private CronField(ulong values) => this._values = values;

    public bool Has(int value) => (_values >> value & 1) == 1;

    /// <param name="names">Three letters each, in place of the numbers from <paramref name="min"/> on.</param>
    /// <exception cref="FormatException">It is not such a field.</exception>
    public static CronField Parse(string field, string text, int min, int max, params string[] names)
    {
        ulong values = 0;
        foreach (var item in text.Split(','))
        {
            var (range, step) = item.Split('/') switch
            {
                [var all] => (all, (int?)null),
                [var start, var every] when Number(every) is > 0 and var n => (start, n),
                _ => throw Wrong(),
            };
            var (from, to) = range == "*" ? (min, max) : range.Split('-') switch
            {
                [var one] => (Value(one), step is null ? Value(one) : max),
                [var low, var high] => (Value(low), Value(high)),
                _ => throw Wrong(),
            };
            if (from > to)
            {
                throw Wrong();
            }

            for (var value = from; value <= to; value += step ?? 1)
            {
                values |= 1UL << value;
            }
        }

        return new CronField(values);

        int Value(string word)
        {
            var named = Array.FindIndex(names, n => n.Equals(word, StringComparison.OrdinalIgnoreCase));
            return (named >= 0 ? named + min : Number(word)) is { } value && value >= min && value <= max ? value : throw Wrong();
        }

        static int? Number(string word) =>
            int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

        FormatException Wrong() => new($"'{text}' is not a {field} field of a schedule ({min} to {max}).");
    }
}
