using Microsoft.DurableTask.Converters;

namespace Iga.LocalHost.Durable.Engine;

/// <summary>The JSON of inputs, outputs and custom status: Durable Functions' own converter.</summary>
internal static class DurableJson
{
    public static DataConverter Converter { get; } = JsonDataConverter.Default;

    public static string? Serialize(object? value) => Converter.Serialize(value);

    public static T? Deserialize<T>(string? json) => json is null ? default : Converter.Deserialize<T>(json);
}
