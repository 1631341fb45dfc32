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

            var output = await RunAsync(program, string.Format(null, arguments, file), folder.FullName);

            Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
            Assert.Contains("gs://", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> RunAsync(string program, string arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = TryStart(start);
        Assert.SkipWhen(process is null, $"no {program}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            Assert.True(process.ExitCode == 0, $"{await output}\n{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
