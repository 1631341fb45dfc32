using System.Security.Cryptography;
using System.Text;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>One picture of a batch.</summary>
/// <param name="Number">Its place, from 1.</param>
/// <param name="Arguments">What is asked for.</param>
/// <param name="Key">The idempotency key: made from what is asked for, so that a second run finds what the first one had made.</param>
internal sealed record BatchItem(int Number, GenerateArguments Arguments, string Key)
{
    /// <summary>The name of the file, without folder and extension: that of the prompt, told apart by the key.</summary>
    public string FileStem => $"{PromptSlug.Of(Arguments.Prompt)}-{Key[^8..]}";

    /// <param name="each">What holds for all of them.</param>
    /// <param name="name">Of the batch: another one makes every picture anew.</param>
    public static IReadOnlyList<BatchItem> Of(IReadOnlyList<string> prompts, GenerateArguments each, string name)
    {
        var seen = new Dictionary<string, int>();
        return [.. prompts.Select((prompt, index) =>
        {
            var arguments = each with { Prompt = prompt };

            // The same prompt twice in one batch is two pictures.
            var count = seen[prompt] = seen.GetValueOrDefault(prompt) + 1;
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{count}\n{GenerateRequest.Body(arguments).ToJsonString()}"));
            return new BatchItem(index + 1, arguments, $"generate-{Convert.ToHexStringLower(hash.AsSpan(0, 16))}");
        })];
    }
}
