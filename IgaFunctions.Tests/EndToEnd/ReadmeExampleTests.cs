using System.Diagnostics;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>The programs that the README shows make a picture.</summary>
public sealed class ReadmeExampleTests(Service service)
{
    [Theory]
    [InlineData("python", "py", "python3", "{0}")]
    [InlineData("csharp", "cs", "dotnet", "run --file {0}")]
    public async Task An_example_of_the_readme_makes_a_picture(string language, string ending, string program, string arguments)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Sources.Root, "README.md"), TestContext.Current.CancellationToken);
        var example = readme.Split($"```{language}\n")[1].Split("\n```")[0];
        Assert.Contains("http://127.0.0.1:5007", example, StringComparison.Ordinal);
        Assert.Contains("\"episode-7-cover\"", example, StringComparison.Ordinal);
        var folder = Directory.CreateTempSubdirectory("iga-example-");
        try
        {
            var file = Path.Combine(folder.FullName, $"call.{ending}");
            await File.WriteAllTextAsync(
                file,
                example.Replace("http://127.0.0.1:5007", service.Client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal)
                    .Replace("episode-7-cover", Caller.NewKey(), StringComparison.Ordinal),
                TestContext.Current.CancellationToken);

            var run = await ProgramRun.TryAsync(
                new ProcessStartInfo(program, string.Format(null, arguments, file)) { WorkingDirectory = folder.FullName }, TimeSpan.FromMinutes(3));
            Assert.SkipWhen(run is null, $"no {program}");
            var output = run.OutputOf(program);

            Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
            Assert.Contains("gs://", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
