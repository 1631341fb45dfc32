using System.Collections;

namespace Iga.Telemetry;

/// <summary>What a log line says of one measurement.</summary>
/// <param name="tags">What charts group by; empty for a measurement that has none.</param>
internal sealed class Measurement(string name, object value, KeyValuePair<string, object?>[] tags)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 3;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new(LogField.MetricName, name),
        1 => new(LogField.Value, value),
        2 => new(LogField.Tags, tags),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return this[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The line's message.</summary>
    public override string ToString() => tags.Length == 0
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} {value}")
        : string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{name} {value} ({string.Join(", ", tags.Select(tag => tag.Value))})");
}
