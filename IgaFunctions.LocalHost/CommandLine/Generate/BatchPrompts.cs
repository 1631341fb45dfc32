using System.Text;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The prompts of a batch: those of the command line, or the lines of a file.</summary>
internal static class BatchPrompts
{
    public const int Most = 10_000;

    /// <summary>Bytes.</summary>
    private const int LargestFile = 16 * 1024 * 1024;

    /// <summary>Of several arguments that are one word each nobody meant a picture each: the quotes are missing.</summary>
    public static string? FindProblem(IReadOnlyList<string> prompts)
    {
        if (prompts.Count < 2 || prompts.Any(prompt => prompt.Any(char.IsWhiteSpace)))
        {
            return prompts.Contains("-") && prompts.Count > 1 ? "A - reads one prompt from standard input; for several use --prompts -." : null;
        }

        return $"Put the prompt into quotes: \"{ShownText.Of(string.Join(' ', prompts), 60)}\". Several prompts of one word each can be given with --prompts FILE.";
    }

    /// <summary>Reads a prompt a line; blank lines are left out.</summary>
    /// <param name="file">A path, or a hyphen for standard input.</param>
    /// <param name="problem">Why it can't be used.</param>
    public static IReadOnlyList<string> Read(string file, TextReader standardInput, out string? problem)
    {
        problem = null;
        try
        {
            if (file != "-" && new FileInfo(file) is { Exists: true, Length: > LargestFile })
            {
                problem = $"--prompts {file} is larger than {LargestFile >> 20} MB.";
                return [];
            }

            // Throws where the bytes are no UTF-8: what would stand in their place would be paid for.
            using var reader = file == "-" ? null : new StreamReader(file, new UTF8Encoding(false, true), detectEncodingFromByteOrderMarks: false);
            var prompts = new List<string>();
            while ((reader ?? standardInput).ReadLine() is { } line && prompts.Count <= Most)
            {
                if (!string.IsNullOrWhiteSpace(line))
                {
                    prompts.Add(line.Trim().TrimStart('\uFEFF'));
                }
            }

            problem = prompts.Count switch
            {
                0 => $"--prompts {file} holds no prompt: it must have one a line.",
                > Most => $"--prompts {file} holds more than {Most} prompts.",
                _ => null,
            };
            return prompts;
        }
        catch (DecoderFallbackException)
        {
            problem = $"--prompts {file} is not UTF-8 throughout.";
            return [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = $"--prompts {file}: {exception.Message}";
            return [];
        }
    }
}
