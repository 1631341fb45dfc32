using Iga.Bench.Measures;

namespace Iga.Tests.Measuring;

/// <summary>Where a machine can't run 10,000 tasks at once, the bench says what would help.</summary>
public sealed class CrowdMeasureTests
{
    private const long Plenty = 1L << 40;

    [Theory]
    [InlineData(20_000, Plenty, null)]
    [InlineData(1_024, Plenty, "1,024 files and sockets open here (ulimit -n)")]
    [InlineData(20_000, 4L << 30, "4,096 MB free")]
    public void What_is_too_little_is_told_in_words(int descriptors, long freeBytes, string? told)
    {
        var obstacle = CrowdMeasure.Obstacle(10_000, descriptors, freeBytes);

        Assert.Equal(told is null, obstacle is null);
        Assert.Contains(told ?? "", obstacle ?? "", StringComparison.Ordinal);
    }
}
