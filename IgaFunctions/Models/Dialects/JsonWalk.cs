using System.Text;
using System.Text.Json;

namespace Iga.Models.Dialects;

/// <summary>Steps for a walk through JSON of which only a few members matter. A member of another type is stepped over.</summary>
internal static class JsonWalk
{
    // Enough for any reason; a longer text is cut rather than turned into a string of megabytes.
    private const int MaxTextBytes = 8_192;

    /// <summary>Steps onto the value of a property, or onto the first token; true when an object begins there.</summary>
    public static bool EntersObject(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartObject);

    /// <summary>As <see cref="EntersObject"/>, for an array.</summary>
    public static bool EntersArray(ref Utf8JsonReader reader) => Enters(ref reader, JsonTokenType.StartArray);

    /// <returns>True on the name of the next property, false at the object's end.</returns>
    public static bool NextProperty(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <returns>True inside the next object of the array, false at the array's end.</returns>
    public static bool NextObject(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    /// <returns>The text of the property, or null when it is not a string.</returns>
    public static string? Text(ref Utf8JsonReader reader)
    {
        if (!StepsOntoString(ref reader))
        {
            return null;
        }

        return reader.ValueSpan.Length <= MaxTextBytes
            ? reader.GetString()
            : Encoding.UTF8.GetString(reader.ValueSpan[..MaxTextBytes]);
    }

    /// <returns>Where the property's string lies in the body, or null when it is not a string or empty.</returns>
    public static ReplyContent.Picture? Picture(ref Utf8JsonReader reader) =>
        StepsOntoString(ref reader) && reader.ValueSpan.Length > 0
            ? new((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length, reader.ValueIsEscaped)
            : null;

    /// <returns>The whole number of the property, or null when it is none.</returns>
    public static long? Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        long? number = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;
        reader.Skip();
        return number;
    }

    public static bool IsTrue(ref Utf8JsonReader reader)
    {
        reader.Read();
        var isTrue = reader.TokenType == JsonTokenType.True;
        reader.Skip();
        return isTrue;
    }

    /// <summary>Reads to the end, so that whatever is cut off or follows the document is noticed.</summary>
    public static void Finish(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }

    private static bool StepsOntoString(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
        return reader.TokenType == JsonTokenType.String;
    }

    private static bool Enters(ref Utf8JsonReader reader, JsonTokenType start)
    {
        reader.Read();
        if (reader.TokenType == start)
        {
            return true;
        }

        reader.Skip();
        return false;
    }
}
