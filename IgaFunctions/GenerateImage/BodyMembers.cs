using System.Buffers;
using System.Text.Json;
using Iga.Http;

namespace Iga.GenerateImage;

/// <summary>
/// The members of a body: the fields by themselves, and the names of all others. Those are read over as they come, without recursion
/// and in one pass: a <see cref="JsonDocument"/> of a body that is nested as deep as it can be takes half a minute.
/// </summary>
internal sealed class BodyMembers : IDisposable
{
    /// <summary>No field is nested so deep. The value of one that is stands for itself by its kind alone.</summary>
    private const int DeepestField = 8;

    private readonly JsonDocument _fields;

    private BodyMembers(JsonDocument fields, IReadOnlyList<string> ignored) => (_fields, Ignored) = (fields, ignored);

    /// <summary>An object of the fields that the body has.</summary>
    public JsonElement Fields => _fields.RootElement;

    /// <summary>The names of the members that are no fields, in their order.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <param name="reader">Stands at the beginning of the object; afterwards at its end.</param>
    /// <param name="body">What it reads.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="RejectedException">A member is given twice.</exception>
    public static BodyMembers Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> body)
    {
        List<string> ignored = [];
        HashSet<string> seen = [];
        var fields = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(fields))
        {
            writer.WriteStartObject();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = ReadName(ref reader);
                if (name is not null && !seen.Add(name))
                {
                    throw Twice(IgnoredFields.Printable(name));
                }

                reader.Read();
                var begin = (int)reader.TokenStartIndex;
                var isArray = reader.TokenType == JsonTokenType.StartArray;
                var isDeep = SkipValue(ref reader);
                if (name is null || !RequestValidator.Fields.ContainsKey(name))
                {
                    ignored.Add(name ?? "?");
                    continue;
                }

                writer.WritePropertyName(name);
                writer.WriteRawValue(
                    isDeep ? isArray ? "[[]]"u8 : "{}"u8 : body[begin..(int)reader.BytesConsumed], skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return new BodyMembers(JsonDocument.Parse(fields.WrittenMemory), ignored);
    }

    public void Dispose() => _fields.Dispose();

    /// <returns>
    /// Null for a name with an escaped surrogate: no field has one, and where it is unpaired the name is no text, which would cost
    /// an exception for each.
    /// </returns>
    private static string? ReadName(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped && (reader.ValueSpan.IndexOf("\\ud"u8) >= 0 || reader.ValueSpan.IndexOf("\\uD"u8) >= 0)
            ? null : reader.GetString();

    /// <returns>Whether it is nested deeper than a field can be.</returns>
    private static bool SkipValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return false;
        }

        var outside = reader.CurrentDepth;
        var deepest = outside;
        do
        {
            reader.Read();
            deepest = Math.Max(deepest, reader.CurrentDepth);
        }
        while (reader.CurrentDepth > outside);
        return deepest - outside > DeepestField;
    }

    private static RejectedException Twice(string name) => new(
        StatusCodes.Status400BadRequest, ErrorCode.MalformedJson, $"The body has the member {name} more than once.")
    { Field = name };
}
