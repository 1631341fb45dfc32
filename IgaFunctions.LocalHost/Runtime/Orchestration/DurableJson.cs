using System.Text.Json;

namespace Iga.LocalHost.Runtime;

/// <summary>The JSON of inputs, outputs and custom status: Microsoft's JsonDataConverter with its default options.</summary>
internal static class DurableJson
{
    private static readonly JsonSerializerOptions Options = new() { IncludeFields = true };

    public static string? Serialize(object? value) => value is null ? null : JsonSerializer.Serialize(value, Options);

    public static T? Deserialize<T>(string? json) =>
        json is null ? default : JsonSerializer.Deserialize<T>(json, Options);

    public static object? Deserialize(string? json, Type type) => json is not null
        ? JsonSerializer.Deserialize(json, type, Options)
        : type.IsValueType ? Activator.CreateInstance(type) : null;
}
