using Microsoft.DurableTask.Converters;

namespace Iga.LocalHost.Functions;

/// <summary>Reads an activity's input.</summary>
internal static class ActivityInput
{
    /// <exception cref="System.Text.Json.JsonException">
    /// The input is not of that type; none at all is null, which a value type can't be.
    /// </exception>
    public static object? Read(string? json, Type type) => JsonDataConverter.Default.Deserialize(json ?? "null", type);
}
