namespace Iga.Tests.Architecture;

/// <summary>
/// The local runtime's types against the public signatures of the packages that the Azure Functions host uses, as
/// RuntimeSurface.txt has them: the functions compile against either only as long as the two agree.
/// </summary>
public sealed class RuntimeSurfaceTests
{
    [Fact]
    public void Every_member_that_functions_see_has_the_signature_of_the_real_package()
    {
        var real = Signatures.Recorded(Sources.Root);

        var strangers = Signatures.Types.SelectMany(Signatures.Of).Where(line => !real.Contains(line)).Order();
        Assert.Equal("", string.Join(Environment.NewLine, strangers));
    }
}
