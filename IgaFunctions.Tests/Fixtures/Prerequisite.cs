namespace Iga.Tests.Fixtures;

/// <summary>What some tests need and not every machine has. Without it they are skipped; in CI, where nothing may be left out, they fail.</summary>
internal static class Prerequisite
{
    public static void Require(bool isThere, string otherwise)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.True(isThere, otherwise);
        }

        Assert.SkipUnless(isThere, otherwise);
    }
}
