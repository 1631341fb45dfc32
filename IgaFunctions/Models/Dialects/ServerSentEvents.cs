namespace Iga.Models.Dialects;

/// <summary>Server-sent events, in which a streamed answer's JSON stands behind <c>data:</c>, line by line.</summary>
internal static class ServerSentEvents
{
    /// <summary>Steps over the name of a line's field, and over the whole line where the field holds no data.</summary>
    /// <returns>False when no field begins there; then nothing is stepped over.</returns>
    public static bool TrySkipField(ReadOnlySpan<byte> text, ref int at)
    {
        // No value of JSON begins with one of these letters.
        if (text[at] is not ((byte)'d' or (byte)'e' or (byte)'i' or (byte)'r') || !IsLineStart(text, at))
        {
            return false;
        }

        var line = text[at..];
        if (line.StartsWith("data:"u8))
        {
            at += "data:"u8.Length;
            return true;
        }

        if (!line.StartsWith("event:"u8) && !line.StartsWith("id:"u8) && !line.StartsWith("retry:"u8))
        {
            return false;
        }

        var end = line.IndexOfAny("\r\n"u8);
        at = end < 0 ? text.Length : at + end;
        return true;
    }

    private static bool IsLineStart(ReadOnlySpan<byte> text, int at) => at == 0 || text[at - 1] is (byte)'\n' or (byte)'\r' or 0xBF;
}
