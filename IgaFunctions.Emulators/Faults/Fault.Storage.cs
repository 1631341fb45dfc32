namespace Iga.Emulators.Faults;

/// <content>Answers that only Cloud Storage gives, to signed URLs and to copies.</content>
public abstract partial record Fault
{
    /// <summary>A signed URL is past its time, whatever it says itself. <c>expired-url-400</c>.</summary>
    public sealed record ExpiredUrl() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Storage)
    {
        public override string Name => "expired-url-400";
    }

    /// <summary>A signed URL was signed for something else, or by a key that is no more. <c>signature-mismatch-403</c>.</summary>
    public sealed record SignatureMismatch() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Storage)
    {
        public override string Name => "signature-mismatch-403";
    }

    /// <summary>A rewrite is not finished by this request: the answer has a token to go on with. <c>rewrite-in-parts</c>.</summary>
    public sealed record RewriteInParts() : Fault(FaultPoint.InsteadOfWork, FaultTarget.Storage)
    {
        public override string Name => "rewrite-in-parts";
    }
}
