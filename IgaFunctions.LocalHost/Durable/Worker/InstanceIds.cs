using System.Buffers;

namespace Iga.LocalHost.Durable.Worker;

/// <summary>Which texts may name an instance: the rules that Durable Functions documents.</summary>
internal static class InstanceIds
{
    private const int Longest = 256;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create("/\\#?");

    /// <exception cref="ArgumentException">The id breaks a rule; the message says which.</exception>
    public static void Check(string id)
    {
        if (id.Length is 0 or > Longest)
        {
            throw new ArgumentException($"An instance id has 1 to {Longest} characters; this one has {id.Length}.", nameof(id));
        }

        if (id[0] == '@')
        {
            throw new ArgumentException("Instance ids that start with '@' are kept for entities.", nameof(id));
        }

        if (id.AsSpan().ContainsAny(Forbidden) || id.Any(char.IsControl) || HasUnpairedSurrogate(id))
        {
            throw new ArgumentException(
                "An instance id holds none of '/', '\\', '#' and '?', no control character and no half of a character.", nameof(id));
        }
    }

    private static bool HasUnpairedSurrogate(string text)
    {
        for (var place = 0; place < text.Length; place += char.IsSurrogatePair(text, place) ? 2 : 1)
        {
            if (char.IsSurrogate(text, place) && !char.IsSurrogatePair(text, place))
            {
                return true;
            }
        }

        return false;
    }
}
