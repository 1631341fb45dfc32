using System.Text.Json.Serialization;

namespace Iga.Usage;

/// <summary>What was used for one model, on one day or for one workflow.</summary>
public sealed record UsageRow : UsageSum
{
    /// <param name="name">What rows stand for: <c>model</c>, <c>day</c> or <c>workflow_id</c>.</param>
    /// <param name="value">Which one; null for tasks that have none, or of which it is not known.</param>
    public UsageRow(string name, string? value, UsageSum sum)
        : base(sum) => Key = new() { [name] = value };

    /// <summary>One member, named after what was asked for.</summary>
    [JsonExtensionData]
    public Dictionary<string, object?> Key { get; }
}
