using Iga.Tests.Architecture;

namespace Iga.Functions.Tests;

/// <summary>
/// The packages themselves against RuntimeSurface.txt, to which the local runtime is held: so the two hosts can't drift apart
/// unseen, when the packages are updated either.
/// </summary>
public sealed class RealSurfaceTests
{
    [Fact]
    public void Every_recorded_signature_is_one_of_the_packages()
    {
        var real = Signatures.Types.SelectMany(Signatures.Of).ToHashSet(StringComparer.Ordinal);

        var gone = Signatures.Recorded(Root()).Where(line => !real.Contains(line)).Order();

        Assert.Equal("", string.Join(Environment.NewLine, gone));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Iga.Functions.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the project's folder.");
        }

        return folder.FullName;
    }
}
