namespace Iga.Models.Dialects;

/// <summary>Why an answer with status 200 holds no picture.</summary>
internal abstract record NoPicture
{
    private NoPicture()
    {
    }

    /// <summary>The model refused the prompt.</summary>
    /// <param name="Code">The model's code for the reason, such as <c>IMAGE_SAFETY</c>.</param>
    public sealed record Blocked(string? Code, string? Reason) : NoPicture;

    /// <summary>It is an error, whatever its status says.</summary>
    public sealed record Failed(ErrorReply Error) : NoPicture;

    /// <summary>The model ended without a picture, for another reason than the prompt's content, or for none.</summary>
    /// <param name="Code">The model's code for the reason, such as <c>MAX_TOKENS</c>; null where it ended as usual.</param>
    /// <param name="Words">What the model said instead.</param>
    public sealed record Missing(string? Code, string? Words) : NoPicture;

    /// <summary>It is not JSON, or breaks off.</summary>
    public sealed record Unreadable(bool IsCutOff) : NoPicture;
}
