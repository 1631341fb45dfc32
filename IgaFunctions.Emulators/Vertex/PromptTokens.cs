namespace Iga.Emulators.Vertex;

/// <summary>What a prompt counts for. Only Google has the tokenizer: a token is about four characters of English.</summary>
internal static class PromptTokens
{
    public static int OfText(string text) => (text.Length + 3) / 4;
}
