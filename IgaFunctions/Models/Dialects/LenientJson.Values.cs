using System.Buffers;
using System.Globalization;
using System.Text;

namespace Iga.Models.Dialects;

/// <content>Values.</content>
internal ref partial struct LenientJson
{
    // Enough for any reason; a longer text is cut rather than turned into a string of megabytes.
    private const int MaxTextBytes = 8_192;

    private static readonly SearchValues<byte> WordEnds = SearchValues.Create(" \t\r\n,]}"u8);

    /// <summary>Whether the value is a string.</summary>
    public bool IsText() => SkipSpace() && _json[_at] == '"';

    /// <returns>The value as text: of a string its characters, of a number or a word (true, false) what it is written as.</returns>
    public string? Text()
    {
        if (IsText())
        {
            _at++;
            var (start, length, _) = RestOfString();
            return _at > start + length ? JsonText.Decode(_json.Slice(start, Math.Min(length, MaxTextBytes))) : null;
        }

        var from = _at;
        Skip();
        var word = _json[from.._at];
        return word.IsEmpty || word[0] is (byte)'{' or (byte)'[' || word.SequenceEqual("null"u8)
            ? null : Encoding.UTF8.GetString(word[..Math.Min(word.Length, MaxTextBytes)]);
    }

    /// <returns>The value as a whole number, which a string may hold as well: JSON of a 64-bit number is a string at Google.</returns>
    public long? Number() => long.TryParse(Text(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : null;

    /// <summary>Decodes the base64 in the string of the value, as far as it goes where it is cut off.</summary>
    /// <returns>Null when it is no string, or empty.</returns>
    public PicturePlace? Picture()
    {
        if (!IsText())
        {
            Skip();
            return null;
        }

        // What is decoded first need not be searched for the string's end.
        var start = ++_at;
        var written = EmbeddedBase64.DecodePlain(_json[start..], out var consumed);
        _at += consumed;
        var (from, length, _) = RestOfString();
        if (consumed + length == 0)
        {
            return null;
        }

        var rest = _json.Slice(from, length);
        if (EmbeddedBase64.Decode(rest) is not { } last)
        {
            return new(start, 0);
        }

        rest[..last].CopyTo(_json[(start + written)..]);
        return new(start, written + last);
    }

    /// <summary>Steps over the value. Depth costs nothing: brackets are counted.</summary>
    public void Skip()
    {
        if (!SkipSpace())
        {
            _isCutOff = true;
            return;
        }

        if (_json[_at] is not ((byte)'{' or (byte)'[' or (byte)'"'))
        {
            var end = _json[_at..].IndexOfAny(WordEnds);
            _at = end < 0 ? _json.Length : _at + end;
            return;
        }

        for (var depth = 0; _json[_at..].IndexOfAny("\"{}[]"u8) is >= 0 and var next;)
        {
            _at += next + 1;
            switch (_json[_at - 1])
            {
                case (byte)'"':
                    RestOfString();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            if (depth == 0)
            {
                return;
            }
        }

        (_at, _isCutOff) = (_json.Length, true);
    }

    /// <summary>From behind a string's opening quote to behind its closing one, or to the end of everything.</summary>
    private (int Start, int Length, bool IsEscaped) RestOfString()
    {
        var (start, isEscaped) = (_at, false);
        while (_json[_at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next)
        {
            _at += next;
            if (_json[_at] == '"')
            {
                return (start, _at++ - start, isEscaped);
            }

            isEscaped = true;
            _at = Math.Min(_at + 2, _json.Length);
        }

        (_at, _isCutOff) = (_json.Length, true);
        return (start, _at - start, isEscaped);
    }
}
