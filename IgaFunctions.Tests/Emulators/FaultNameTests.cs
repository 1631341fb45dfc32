using Iga.Emulators.Faults;

namespace Iga.Tests.Emulators;

public sealed class FaultNameTests
{
    [Theory]
    [InlineData("return-503", FaultPoint.InsteadOfWork)]
    [InlineData("return-503-after-body", FaultPoint.AfterWork)]
    [InlineData("return-503-after-256K", FaultPoint.InsteadOfWork)]
    [InlineData("return-reset-connection", FaultPoint.InsteadOfWork)]
    [InlineData("return-reset-connection-after-body", FaultPoint.AfterWork)]
    [InlineData("return-503-retry-date-4s", FaultPoint.InsteadOfWork)]
    [InlineData("return-429-retry-info-4s", FaultPoint.InsteadOfWork)]
    [InlineData("refused-token-401", FaultPoint.InsteadOfWork)]
    [InlineData("rate-limit-403", FaultPoint.InsteadOfWork)]
    [InlineData("user-rate-limit-403", FaultPoint.InsteadOfWork)]
    [InlineData("reset-inside-body", FaultPoint.InAnswer)]
    [InlineData("reset-inside-body-after-64K", FaultPoint.InAnswer)]
    [InlineData("reset-inside-body-after-100", FaultPoint.InAnswer)]
    [InlineData("truncate-body", FaultPoint.InAnswer)]
    [InlineData("truncate-body-after-1K", FaultPoint.InAnswer)]
    [InlineData("stall-for-5s", FaultPoint.BeforeWork)]
    [InlineData("stall-for-5s-after-body", FaultPoint.AfterWork)]
    [InlineData("stall-for-2.5s-inside-body", FaultPoint.InAnswer)]
    [InlineData("stall-for-2s-inside-body-after-64K", FaultPoint.InAnswer)]
    [InlineData("latency-200ms", FaultPoint.BeforeWork)]
    [InlineData("malformed-json", FaultPoint.InAnswer)]
    [InlineData("blocked-prompt-400", FaultPoint.InsteadOfWork)]
    [InlineData("blocked-prompt-200", FaultPoint.InsteadOfWork)]
    [InlineData("finish-IMAGE_SAFETY", FaultPoint.InsteadOfWork)]
    [InlineData("no-predictions", FaultPoint.InsteadOfWork)]
    [InlineData("text-only", FaultPoint.InsteadOfWork)]
    [InlineData("jpeg", FaultPoint.InAnswer)]
    [InlineData("wrong-mime", FaultPoint.InAnswer)]
    [InlineData("not-an-image", FaultPoint.InAnswer)]
    [InlineData("oversized-64M", FaultPoint.InAnswer)]
    [InlineData("finish-99", FaultPoint.InsteadOfWork)]
    [InlineData("block-OTHER", FaultPoint.InsteadOfWork)]
    [InlineData("answer-deep-nesting", FaultPoint.InAnswer)]
    [InlineData("picture-bad-checksum", FaultPoint.InAnswer)]
    [InlineData("refusal-not-submitted", FaultPoint.InsteadOfWork)]
    [InlineData("error-429-in-200-text-code", FaultPoint.InsteadOfWork)]
    [InlineData("precondition-failed-412", FaultPoint.InsteadOfWork)]
    [InlineData("expired-url-400", FaultPoint.InsteadOfWork)]
    [InlineData("signature-mismatch-403", FaultPoint.InsteadOfWork)]
    [InlineData("rewrite-in-parts", FaultPoint.InsteadOfWork)]
    [InlineData("wrong-crc32c", FaultPoint.InAnswer)]
    [InlineData("return-429-retry-info-2.8s", FaultPoint.InsteadOfWork)]
    [InlineData("slow-body-at-16K", FaultPoint.InAnswer)]
    [InlineData("slow-body-at-500", FaultPoint.InAnswer)]
    [InlineData("answer-several-pictures", FaultPoint.InAnswer)]
    [InlineData("refused-draft", FaultPoint.InAnswer)]
    [InlineData("error-429-capacity-exhausted", FaultPoint.InsteadOfWork)]
    public void A_fault_is_read_and_written_by_the_same_name(string name, FaultPoint point)
    {
        var fault = FaultName.Parse(name);
        Assert.Equal(name, fault.Name);
        Assert.Equal(point, fault.Point);
    }

    [Theory]
    [InlineData("stall-inside-body", "stall-for-5s-inside-body")]
    [InlineData("slow-first-byte", "stall-for-5s-inside-body-after-0K")]
    [InlineData("oversized", "oversized-64M")]
    [InlineData("finish-image-safety", "finish-IMAGE_SAFETY")]
    public void Some_have_a_short_form(string name, string full) => Assert.Equal(full, FaultName.Parse(name).Name);

    [Theory]
    [InlineData("")]
    [InlineData("return-200")]
    [InlineData("return-503 ")]
    [InlineData("return-503-after-256")]
    [InlineData("explode")]
    [InlineData("answer-in-gold")]
    [InlineData("error-200-array")]
    [InlineData("error-429")]
    [InlineData("finish-IMAGE_SAFTY")]
    [InlineData("block-STOP")]
    [InlineData("slow-body-at-0")]
    public void Another_name_is_refused_with_the_list(string name)
    {
        var e = Assert.Throws<FormatException>(() => FaultName.Parse(name));
        Assert.Contains("return-<status>", e.Message, StringComparison.Ordinal);
    }
}
