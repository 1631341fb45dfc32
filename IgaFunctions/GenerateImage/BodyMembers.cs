using System.Buffers;
using System.Text.Json;
using Iga.Http;
using Iga.Models.Dialects;

namespace Iga.GenerateImage;

/// <summary>
/// The members of a body: the fields by themselves, and the names of all others, whose values are stepped over. One pass, without
/// recursion, and bounded in members and depth: nothing that a body of its size can hold costs more than a few milliseconds.
/// </summary>
internal sealed class BodyMembers : IDisposable
{
    /// <summary>The fields are a handful; what comes beside them is ignored.</summary>
    public const int MostMembers = 100;

    /// <summary>The body's own braces are one level. No field is nested deeper than two.</summary>
    public const int DeepestNesting = 64;

    private readonly JsonDocument _fields;

    private BodyMembers(JsonDocument fields, IReadOnlyList<string> ignored) => (_fields, Ignored) = (fields, ignored);

    /// <summary>An object of the fields that the body has.</summary>
    public JsonElement Fields => _fields.RootElement;

    /// <summary>The names of the members that are no fields, in their order.</summary>
    public IReadOnlyList<string> Ignored { get; }

    /// <param name="reader">Stands at the beginning of the object; afterwards at its end.</param>
    /// <param name="body">What it reads.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="RejectedException">A member is given twice, or there are too many, or too deep ones.</exception>
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
                if (!seen.Add(name))
                {
                    throw Twice(IgnoredFields.Printable(name));
                }

                if (seen.Count > MostMembers)
                {
                    throw RejectedException.BadRequest(
                        ErrorCode.InvalidPayload, $"The body has more than {MostMembers} members; send the fields alone.");
                }

                reader.Read();
                var begin = (int)reader.TokenStartIndex;
                SkipValue(ref reader);
                if (RequestValidator.Fields.ContainsKey(name))
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(body[begin..(int)reader.BytesConsumed], skipInputValidation: true);
                }
                else
                {
                    ignored.Add(name);
                }
            }

            writer.WriteEndObject();
        }

        return new BodyMembers(JsonDocument.Parse(fields.WrittenMemory), ignored);
    }

    /// <summary>Steps over a value: <see cref="Utf8JsonReader.Skip"/> with a bound that is told as what it is.</summary>
    /// <param name="reader">Stands at the value's beginning; afterwards at its end.</param>
    /// <exception cref="RejectedException">It is nested too deep.</exception>
    public static void SkipValue(ref Utf8JsonReader reader)
    {
        var outside = reader.CurrentDepth;
        bool begins;
        while ((begins = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject) || reader.CurrentDepth > outside)
        {
            // At the beginning of an array or an object the depth is that around it.
            if (begins && reader.CurrentDepth == DeepestNesting)
            {
                throw RejectedException.BadRequest(
                    ErrorCode.InvalidPayload, $"The body is nested more than {DeepestNesting} levels deep.");
            }

            reader.Read();
        }
    }

    public void Dispose() => _fields.Dispose();

    /// <remarks>Where an escaped surrogate is unpaired the name is no text, and <c>GetString</c> would throw.</remarks>
    private static string ReadName(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? JsonText.DecodeAsIs(reader.ValueSpan) : reader.GetString()!;

    private static RejectedException Twice(string name) => new(
        StatusCodes.Status400BadRequest, ErrorCode.MalformedJson, $"The body has the member {name} more than once.")
    { Field = name };
}
