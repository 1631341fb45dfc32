using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>
/// A partial response: the fields of an answer that the parameter <c>fields</c> selects, such as
/// <c>items(name,metadata/owner),nextPageToken</c>. An asterisk selects whatever is there.
/// </summary>
internal sealed class FieldMask
{
    private const int LongestName = 200;

    private const int DeepestNesting = 16;

    /// <summary>What is selected of each field; null is all of it.</summary>
    private readonly Dictionary<string, FieldMask?> _fields = new(StringComparer.Ordinal);

    private FieldMask()
    {
    }

    /// <returns>Null when the request wants the whole answer.</returns>
    /// <param name="schema">The fields of the answer; null takes any.</param>
    /// <exception cref="ApiException">400: it can't be read, or the answer has no such field.</exception>
    public static FieldMask? Of(HttpRequest request, AnswerFields? schema)
    {
        if (request.Query["fields"].ToString() is not { Length: > 0 } text)
        {
            return null;
        }

        var mask = new FieldMask();
        var end = mask.Parse(text, 0, schema, 0);
        return end == text.Length ? mask : throw Invalid(text);
    }

    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonAnswer.Build(writer => Write(writer, document.RootElement));
    }

    private void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    if (_fields.TryGetValue(field.Name, out var part) || _fields.TryGetValue("*", out part))
                    {
                        json.WritePropertyName(field.Name);
                        (part ?? All).Write(json, field.Value);
                    }
                }

                json.WriteEndObject();
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }

    private static readonly FieldMask All = Everything();

    private static FieldMask Everything()
    {
        var all = new FieldMask();
        all._fields["*"] = null;
        return all;
    }

    /// <returns>Where the list of fields ends: at the text's end or a closing bracket.</returns>
    private int Parse(string text, int at, AnswerFields? schema, int depth)
    {
        while (true)
        {
            at = ParseField(text, at, schema, depth);
            if (at == text.Length || text[at] != ',')
            {
                return at;
            }

            at++;
        }
    }

    private int ParseField(string text, int at, AnswerFields? schema, int depth)
    {
        var length = text.AsSpan(at).IndexOfAny(",/()") is var found and >= 0 ? found : text.Length - at;
        var name = text.Substring(at, length).Trim();
        at += length;
        if (name.Length is 0 or > LongestName || depth > DeepestNesting || !AnswerFields.Has(schema, name))
        {
            throw Invalid(name.Length is 0 or > LongestName ? text : name);
        }

        var opens = at < text.Length ? text[at] : ',';
        if (opens is not ('/' or '('))
        {
            _fields[name] = null;
            return at;
        }

        if (!_fields.TryGetValue(name, out var part))
        {
            _fields[name] = part = new FieldMask();
        }

        // A field that is selected as a whole before stays whole.
        part ??= new FieldMask();
        var inner = AnswerFields.Inside(schema, name);
        if (opens == '/')
        {
            return part.ParseField(text, at + 1, inner, depth + 1);
        }

        at = part.Parse(text, at + 1, inner, depth + 1);
        return at < text.Length && text[at] == ')' ? at + 1 : throw Invalid(text);
    }

    private static ApiException Invalid(string selection) =>
        new(400, "invalidParameter", $"Invalid field selection {selection}") { Parameter = "fields" };
}
