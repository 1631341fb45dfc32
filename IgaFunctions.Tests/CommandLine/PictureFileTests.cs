using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;

namespace Iga.Tests.CommandLine;

/// <summary>What <c>--out</c> may be, and what it asks the model for.</summary>
public sealed class PictureFileTests : CommandRun
{
    public PictureFileTests()
    {
        File.WriteAllText(Folder["there.png"], "precious");
        Directory.CreateDirectory(Folder["folder"]);
    }

    [Theory]
    [InlineData("there.png", false, null, "is there already; --force overwrites it")]
    [InlineData("missing/a.png", false, null, "there is no folder")]
    [InlineData("missing/", false, null, "there is no folder")]
    [InlineData("there.png/a.png", false, null, "there is no folder")]
    [InlineData("a.gif", true, null, "must end in .png, .jpg, .jpeg")]
    [InlineData("a.png", true, "jpeg", "is the name of a png picture, but --output-format asks for jpeg")]
    [InlineData("a.jpg", false, "png", "is the name of a jpeg picture, but --output-format asks for png")]
    [InlineData("/dev/null", true, null, "is no ordinary file")]
    [InlineData(" ", false, null, "needs the name of a file")]
    public void What_could_not_be_saved_is_told_beforehand(string wanted, bool force, string? format, string problem)
    {
        using var file = Of(wanted, force, format);

        Assert.Contains(problem, file.FindProblem(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_too_long_is_told_beforehand()
    {
        using var file = Of(new string('é', 128), force: false, format: null);

        Assert.Contains("too long", file.FindProblem(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.png", false, null, null)]
    [InlineData("there.png", true, null, null)]
    [InlineData("a.JPG", false, null, "jpeg")]
    [InlineData("a.jpeg", false, "jpeg", "jpeg")]
    [InlineData("a", false, "jpeg", "jpeg")]
    [InlineData("folder", false, null, null)]
    [InlineData(null, false, "jpeg", "jpeg")]
    public void What_can_be_saved_leaves_nothing_behind_and_asks_for_what_the_name_says(
        string? wanted, bool force, string? format, string? asked)
    {
        using var file = Of(wanted, force, format);

        Assert.Null(file.FindProblem());
        Assert.Equal(asked, file.OutputFormat);
        Assert.Equal([Folder["there.png"]], Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories));
    }

    private PictureFile Of(string? wanted, bool force, string? format) => new(
        new GenerateArguments("x", OutFile: string.IsNullOrWhiteSpace(wanted) ? wanted : Path.Combine(Folder.Path, wanted), OutputFormat: format, Force: force), Folder.Path);
}
