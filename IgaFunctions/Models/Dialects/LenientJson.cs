using System.Text;

namespace Iga.Models.Dialects;

/// <summary>
/// Walks once through JSON of which only a few members matter, and takes it as it comes: with a byte order mark, as one document or
/// as many, in a list or as server-sent events, with text that is not text, cut off anywhere, nested as deep as it likes.
/// It never throws.
/// </summary>
/// <param name="json">Pictures are decoded where they lie.</param>
/// <remarks>Utf8JsonReader gives a picture up for what stands beside it: broken text, depth, or a byte too many at the end.</remarks>
internal ref partial struct LenientJson(Span<byte> json)
{
    private readonly Span<byte> _json = json;
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
                case (byte)':': // a comment among server-sent events
                    SkipLine();
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

    private void SkipLine()
    {
        var end = _json[_at..].IndexOfAny((byte)'\r', (byte)'\n');
        _at = end < 0 ? _json.Length : _at + end;
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
