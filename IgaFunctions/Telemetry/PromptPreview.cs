namespace Iga.Telemetry;

/// <summary>What logs may show of a prompt.</summary>
public sealed class PromptPreview(TelemetryOptions options)
{
    private const int Length = 50;

    /// <returns>The first 50 characters, or null with IGA_LOG_PROMPTS=false.</returns>
    public string? Of(string prompt)
    {
        if (!options.LogPrompts)
        {
            return null;
        }

        // Not through the middle of a surrogate pair.
        var end = prompt.Length <= Length ? prompt.Length : char.IsHighSurrogate(prompt[Length - 1]) ? Length - 1 : Length;
        return prompt[..end];
    }
}
