namespace Iga.Models.Dialects;

/// <summary>What was found in an answer with status 200. Whether a picture is one, and whole, only its bytes tell.</summary>
/// <param name="Pictures">Best first.</param>
/// <param name="Drafts">What the model drew while it was thinking, the last one first.</param>
/// <param name="Otherwise">What the answer is if none of the pictures is whole.</param>
/// <param name="Usage">The tokens that the call used, where the answer says so.</param>
internal sealed record ReplyContent(
    IReadOnlyList<PicturePlace> Pictures,
    IReadOnlyList<PicturePlace> Drafts,
    NoPicture Otherwise,
    (long? Prompt, long? Output, long? Thoughts)? Usage = null)
{
    /// <summary>
    /// The pictures that may be taken, best first. A draft is the answer only where nothing else is: not where the prompt is blocked,
    /// nor where the answer breaks off, since the picture may have been on its way.
    /// </summary>
    public IEnumerable<PicturePlace> Candidates =>
        Otherwise is NoPicture.Blocked or NoPicture.Unreadable { IsCutOff: true } ? Pictures : Pictures.Concat(Drafts);
}
