using System.Globalization;
using System.Text;

namespace Iga.Models.Dialects;

/// <summary>
/// Walks once through JSON of which only a few members matter, and takes it as it comes: with a byte order mark, as one document or
/// as many, in a list or as server-sent events, with text that is not text, cut off anywhere, nested as deep as it likes.
/// It never throws.
/// </summary>
/// <remarks>Utf8JsonReader gives a picture up for what stands beside it: broken text, depth, or a byte too many at the end.</remarks>
internal ref struct LenientJson(ReadOnlySpan<byte> json)
{
    // Enough for any reason; a longer text is cut rather than turned into a string of megabytes.
    private const int MaxTextBytes = 8_192;

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private int _openLists;
    private bool _hasBegun;
    private bool _isCutOff;

    /// <summary>What <see cref="EntersList"/> found.</summary>
    public enum List
    {
        /// <summary>No list, or one that is read to its end.</summary>
        None,

        /// <summary>An object in place of a list: a list of one.</summary>
        Single,

        Many,
    }

    /// <summary>Whether the JSON ended inside of something that it had begun, or never began.</summary>
    public readonly bool IsCutOff => _isCutOff || _openLists > 0 || !_hasBegun;

    /// <summary>Whether something was met that is not JSON, so that what matters may have been missed.</summary>
    public bool IsBroken { get; private set; }

    /// <returns>True inside the next object that is not inside another one, false at the end of everything.</returns>
    public bool NextDocument()
    {
        while (SkipSpace())
        {
            _hasBegun = true;
            switch (_json[_at++])
            {
                case (byte)'{':
                    return true;
                case (byte)'[': // a list of documents is as good as one behind the other
                    _openLists++;
                    break;
                case (byte)']':
                    _openLists--;
                    break;
                case (byte)',' or 0xEF or 0xBB or 0xBF: // the last three are the byte order mark
                    break;
                default:
                    IsBroken = true;
                    break;
            }
        }

        return false;
    }

    /// <returns>True before the value of the object's next member, false behind the object's end.</returns>
    public bool NextMember(out ReadOnlySpan<byte> name)
    {
        while (SkipSpace())
        {
            var c = _json[_at++];
            if (c == '}')
            {
                name = default;
                return false;
            }

            if (c == '"')
            {
                var (start, length, isEscaped) = RestOfString();
                name = _json.Slice(start, length);
                name = isEscaped ? Encoding.UTF8.GetBytes(JsonText.Decode(name)) : name;
                if (SkipSpace() && _json[_at] == ':')
                {
                    _at++;
                    return true;
                }
            }

            IsBroken |= c != ',';
        }

        _isCutOff = true;
        name = default;
        return false;
    }

    /// <summary>Steps into the value if it is an object, else over it.</summary>
    public bool EntersObject() => Enters('{');

    /// <summary>Steps into the value if it is a list, else over it.</summary>
    public List EntersList() => !SkipSpace() ? List.None : _json[_at] == '{' ? List.Single : Enters('[') ? List.Many : List.None;

    /// <returns>True inside the next object of the list, false behind the list's end.</returns>
    public bool NextObject(ref List list)
    {
        if (list == List.Single)
        {
            list = List.None;
            return Enters('{');
        }

        while (list == List.Many && SkipSpace())
        {
            switch (_json[_at])
            {
                case (byte)'{':
                    _at++;
                    return true;
                case (byte)',':
                    _at++;
                    break;
                case (byte)']':
                    _at++;
                    list = List.None;
                    return false;
                case (byte)'}':
                    // The end of what is around the list: it was never closed.
                    IsBroken = true;
                    list = List.None;
                    return false;
                default:
                    Skip();
                    break;
            }
        }

        _isCutOff |= list == List.Many;
        return false;
    }

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

    /// <returns>Where the string of the value lies, though it may be cut off; null when it is no string, or empty.</returns>
    public EncodedPicture? Picture()
    {
        if (!IsText())
        {
            Skip();
            return null;
        }

        _at++;
        return RestOfString() is { Length: > 0 } found ? found : null;
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
            var end = _json[_at..].IndexOfAny(" \t\r\n,]}"u8);
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

    private bool Enters(char start)
    {
        if (SkipSpace() && _json[_at] == start)
        {
            _at++;
            return true;
        }

        Skip();
        return false;
    }

    /// <summary>From behind a string's opening quote to behind its closing one, or to the end of everything.</summary>
    private EncodedPicture RestOfString()
    {
        var (start, isEscaped) = (_at, false);
        while (_json[_at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var next)
        {
            _at += next;
            if (_json[_at] == '"')
            {
                return new(start, _at++ - start, isEscaped);
            }

            isEscaped = true;
            _at = Math.Min(_at + 2, _json.Length);
        }

        (_at, _isCutOff) = (_json.Length, true);
        return new(start, _at - start, isEscaped);
    }

    /// <summary>
    /// Steps over white space, and over what stands at the start of a line of server-sent events.
    /// </summary>
    /// <returns>False at the end of everything.</returns>
    private bool SkipSpace()
    {
        while (_json[_at..].IndexOfAnyExcept(" \t\r\n"u8) is >= 0 and var space)
        {
            _at += space;
            if (!ServerSentEvents.TrySkipField(_json, ref _at))
            {
                return true;
            }
        }

        _at = _json.Length;
        return false;
    }
}
