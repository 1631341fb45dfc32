namespace Iga.Models.Dialects;

/// <summary>What an answer with status 200 holds.</summary>
internal abstract record ReplyContent
{
    private ReplyContent()
    {
    }

    /// <summary>The tokens that the call used, where the answer says so.</summary>
    public (long? Prompt, long? Output, long? Thoughts)? Usage { get; init; }

    /// <param name="Start">Where in the body the picture's base64 starts, behind the quote.</param>
    /// <param name="Length">Bytes of base64, as they stand in the JSON.</param>
    /// <param name="IsEscaped">Whether the base64 contains JSON escapes such as <c>\/</c>.</param>
    public sealed record Picture(int Start, int Length, bool IsEscaped) : ReplyContent;

    /// <summary>The model refused the prompt.</summary>
    /// <param name="Code">The model's code for the reason, such as <c>IMAGE_SAFETY</c>.</param>
    public sealed record Blocked(string? Code, string? Reason) : ReplyContent;

    /// <summary>No picture, for another reason than the prompt's content, or for none.</summary>
    /// <param name="Words">What the model said instead.</param>
    public sealed record NoPicture(string? Code, string? Words) : ReplyContent;
}
