using System.Text.Json;

namespace Iga.Emulators.Vertex.ProtoJson;

/// <summary>A field of a message.</summary>
/// <param name="Name">In camelCase.</param>
/// <param name="OneOf">The group of which at most one field may be set.</param>
internal sealed record Field(string Name, FieldType Type, bool IsList = false, string? OneOf = null)
{
    /// <summary>In snake_case, as errors have it.</summary>
    public string ProtoName { get; } = JsonNamingPolicy.SnakeCaseLower.ConvertName(Name);
}
