namespace Iga.Models.Dialects;

/// <summary>What was found in an answer of <c>:generateContent</c>, while it is being read.</summary>
internal sealed class GenerateContentReply
{
    private const int EnoughWords = 1_000;

    private string? _finishReason;
    private string? _words;

    public List<PicturePlace> Pictures { get; } = [];

    public List<PicturePlace> Drafts { get; } = [];

    public string? FinishMessage { get; set; }

    public string? BlockReason { get; set; }

    public string? BlockMessage { get; set; }

    public ErrorReply? Error { get; set; }

    public (long? Prompt, long? Output, long? Thoughts)? Usage { get; set; }

    public void AddWords(string? words)
    {
        if (!string.IsNullOrWhiteSpace(words) && (_words?.Length ?? 0) < EnoughWords)
        {
            _words = _words is null ? words : $"{_words} {words}";
        }
    }

    /// <summary>Of several candidates, one that was refused tells the reason.</summary>
    public void AddFinishReason(string? reason)
    {
        var name = FinishReason.Name(reason);
        _finishReason = FinishReason.IsAboutContent(name) ? name : _finishReason ?? name;
    }

    public ReplyContent Conclude(bool isCutOff, bool isBroken) => new(Pictures, [.. Drafts.AsEnumerable().Reverse()], Otherwise(isCutOff, isBroken), Usage);

    private NoPicture Otherwise(bool isCutOff, bool isBroken) =>
        BlockReason is not null ? new NoPicture.Blocked(BlockReason, BlockMessage ?? FinishMessage ?? _words)
        : FinishReason.IsAboutContent(_finishReason) ? new NoPicture.Blocked(_finishReason, FinishMessage ?? _words)
        : Error is not null ? new NoPicture.Failed(Error)
        : isCutOff || isBroken ? new NoPicture.Unreadable(isCutOff)
        : new NoPicture.Missing(_finishReason, FinishMessage ?? _words);
}
