namespace Iga.Emulators.Vertex.ProtoJson;

/// <summary>A field's type, as far as it decides which JSON is taken for it.</summary>
/// <param name="Label">What errors call the type.</param>
internal abstract record FieldType(string Label)
{
    public sealed record Text() : FieldType("TYPE_STRING");

    public sealed record WholeNumber() : FieldType("TYPE_INT32");

    public sealed record Fraction() : FieldType("TYPE_FLOAT");

    public sealed record Flag() : FieldType("TYPE_BOOL");

    public sealed record Binary() : FieldType("TYPE_BYTES");

    /// <summary>Any JSON, taken as it is: <c>google.protobuf.Value</c>.</summary>
    public sealed record Any() : FieldType("");

    /// <summary><c>map&lt;string, string&gt;</c></summary>
    public sealed record Map() : FieldType("");

    /// <summary>An enum. Its names are taken in any case, and so are its numbers.</summary>
    /// <param name="TypeName">Within the API's package.</param>
    /// <param name="Names">Each at the place of its number.</param>
    public sealed record Choice(string TypeName, params string[] Names) : FieldType(TypeName);

    /// <summary>A message.</summary>
    /// <param name="TypeName">Within the API's package.</param>
    /// <param name="Fields">Null where what is inside is taken as it is.</param>
    public sealed record Message(string TypeName, IReadOnlyList<Field>? Fields = null) : FieldType(TypeName)
    {
        /// <returns>The field of that camelCase or snake_case name.</returns>
        public Field? Find(string name) => Fields?.FirstOrDefault(f => f.Name == name || f.ProtoName == name);
    }
}
