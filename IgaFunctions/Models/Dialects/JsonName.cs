namespace Iga.Models.Dialects;

/// <summary>Names of members. Google's clients take both forms of a name: <c>inlineData</c> and <c>inline_data</c>.</summary>
internal static class JsonName
{
    /// <param name="name">As it stands in the JSON.</param>
    /// <param name="expected">Without underscores, in lower case.</param>
    public static bool Is(this ReadOnlySpan<byte> name, ReadOnlySpan<byte> expected)
    {
        var at = 0;
        foreach (var c in name)
        {
            if (c == '_')
            {
                continue;
            }

            if (at == expected.Length || expected[at++] != (c is >= (byte)'A' and <= (byte)'Z' ? c | 0x20 : c))
            {
                return false;
            }
        }

        return at == expected.Length;
    }
}
