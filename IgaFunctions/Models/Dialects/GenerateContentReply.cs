namespace Iga.Models.Dialects;

/// <summary>What was found in an answer of <c>:generateContent</c>, while it is being read.</summary>
internal sealed class GenerateContentReply
{
    private const int EnoughWords = 1_000;

    public ReplyContent.Picture? Picture { get; set; }

    public string? Words { get; private set; }

    public string? FinishReason { get; set; }

    public string? FinishMessage { get; set; }

    public string? BlockReason { get; set; }

    public string? BlockMessage { get; set; }

    public (long? Prompt, long? Output, long? Thoughts)? Usage { get; set; }

    public void AddWords(string? words)
    {
        if (!string.IsNullOrWhiteSpace(words) && (Words?.Length ?? 0) < EnoughWords)
        {
            Words = Words is null ? words : $"{Words} {words}";
        }
    }

    public ReplyContent Conclude() => (BlockReason, FinishReason, Picture) switch
    {
        ({ } blocked, _, _) => new ReplyContent.Blocked(blocked, BlockMessage ?? FinishMessage ?? Words),
        (_, "SAFETY" or "PROHIBITED_CONTENT" or "BLOCKLIST" or "SPII" or "RECITATION"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION", _) =>
            new ReplyContent.Blocked(FinishReason, FinishMessage ?? Words),
        (_, _, { } picture) => picture,
        // STOP with words only is a refusal, or an answer to something that was not a wish for a picture.
        _ => new ReplyContent.NoPicture(FinishReason is "STOP" ? null : FinishReason, FinishMessage ?? Words),
    };
}
