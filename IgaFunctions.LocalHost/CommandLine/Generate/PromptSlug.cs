using System.Text;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>A name for a file, made from a prompt.</summary>
internal static class PromptSlug
{
    private const int Longest = 60;

    /// <returns>The prompt's letters and digits, in lower case, its words joined by hyphens; never empty.</returns>
    public static string Of(string prompt)
    {
        var slug = new StringBuilder();
        foreach (var character in prompt.Normalize())
        {
            if (slug.Length >= Longest)
            {
                break;
            }

            if (char.IsLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var name = slug.ToString();
        var lastWord = name.LastIndexOf('-');
        if (slug.Length >= Longest && lastWord > Longest / 2)
        {
            name = name[..lastWord]; // the last word was cut
        }

        return name.Trim('-') is { Length: > 0 } usable ? usable : "image";
    }
}
