using System.Globalization;

namespace Iga.Emulators.Faults;

/// <content>What goes wrong at a model alone.</content>
public abstract partial record Fault
{
    /// <summary>
    /// Answers with an error status, <c>Retry-After: 0</c> and a RetryInfo that asks for longer. <c>return-429-retry-info-4s</c>.
    /// </summary>
    public sealed record ReturnStatusWithRetryInfo(int Status, double Seconds) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => string.Create(CultureInfo.InvariantCulture, $"return-{Status}-retry-info-{Seconds:0.###}s");
    }

    /// <summary>
    /// The prompt is refused: <c>blocked-prompt-400</c> by an error with support codes, <c>blocked-prompt-200</c> by an
    /// answer with <c>raiFilteredReason</c> or <c>promptFeedback</c>.
    /// </summary>
    public sealed record BlockedPrompt(bool AsError) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => AsError ? "blocked-prompt-400" : "blocked-prompt-200";
    }

    /// <summary>
    /// The prompt is refused by a 400 in one of Google's wordings. <c>refusal-not-submitted</c>, <c>refusal-content-blocked</c>.
    /// </summary>
    public sealed record Refusal(string Wording) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => $"refusal-{Wording}";
    }

    /// <summary>The prompt is blocked in the answer's feedback, for this reason, without a message. <c>block-OTHER</c>.</summary>
    public sealed record Block(string Reason) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => $"block-{Reason}";
    }

    /// <summary>
    /// An error in another dress than its usual one. <c>error-429-in-200</c>, <c>error-503-in-200-text-code</c>,
    /// <c>error-429-array</c>, <c>error-400-gzip</c>.
    /// </summary>
    public sealed record ErrorAnswer(int Status, string Dress) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        /// <inheritdoc cref="ReturnStatus.RetryAfter"/>
        public int? RetryAfter { get; init; }

        /// <inheritdoc cref="ReturnStatus.Message"/>
        public string? Message { get; init; }

        /// <inheritdoc cref="ReturnStatus.Reason"/>
        public string? Reason { get; init; }

        public override string Name => $"error-{Status}-{Dress}";
    }

    /// <summary>A whole picture in an odd answer. <c>answer-surrogate-text</c>, <c>answer-sse</c>, <c>answer-gzip</c>.</summary>
    public sealed record Dressed(string Dress) : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => $"answer-{Dress}";
    }

    /// <summary>A picture that is not whole. <c>picture-cut</c>, <c>picture-bad-checksum</c>.</summary>
    public sealed record DamagedPicture(string Damage) : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => $"picture-{Damage}";
    }

    /// <summary>A candidate that ended for another reason than STOP, without a picture. <c>finish-IMAGE_SAFETY</c>, <c>finish-99</c>.</summary>
    public sealed record Finish(string Reason) : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => $"finish-{Reason}";
    }

    /// <summary>A picture was drawn, stands in the answer as a thought, and is refused: IMAGE_SAFETY. <c>refused-draft</c>.</summary>
    public sealed record RefusedDraft() : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => "refused-draft";
    }

    /// <summary>200 with nothing in it. <c>no-predictions</c>.</summary>
    public sealed record NoPredictions() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => "no-predictions";
    }

    /// <summary>A refusal in words: STOP, text, no picture. <c>text-only</c>.</summary>
    public sealed record TextOnly() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Model)
    {
        public override string Name => "text-only";
    }

    /// <summary>A JPEG, and honestly called so, whatever was asked for. <c>jpeg</c>.</summary>
    public sealed record Jpeg() : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => "jpeg";
    }

    /// <summary>A JPEG that is called a PNG. <c>wrong-mime</c>.</summary>
    public sealed record WrongMime() : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => "wrong-mime";
    }

    /// <summary>An HTML page that is called a PNG. <c>not-an-image</c>.</summary>
    public sealed record NotAnImage() : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => "not-an-image";
    }

    /// <summary>
    /// A picture that never seems to end, streamed without being built. <c>oversized</c>, <c>oversized-64M</c>.
    /// </summary>
    /// <param name="Megabytes">MiB of base64.</param>
    public sealed record Oversized(int Megabytes = 64) : Fault(FaultPoint.InAnswer, FaultTarget.Model)
    {
        public override string Name => $"oversized-{Megabytes}M";
    }
}
