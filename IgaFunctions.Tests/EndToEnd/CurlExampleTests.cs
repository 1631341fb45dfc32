using System.Diagnostics;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// Every curl command of the documentation gets an answer that is no error; those that listen without end are run by
/// <see cref="WaitingExampleTests"/>.
/// </summary>
public sealed partial class CurlExampleTests(LongCallsFixture fixture) : IClassFixture<LongCallsFixture>
{
    private readonly OwnService _service = fixture.Service;

    public static TheoryData<string, string> Commands => [.. Files().SelectMany(file => Block().Matches(File.ReadAllText(file))
        .Select(block => block.Groups[1].Value)
        .Where(command => command.StartsWith("curl ", StringComparison.Ordinal) && !command.Contains("/events", StringComparison.Ordinal))
        .Select(command => (Path.GetRelativePath(Sources.Root, file), command)))];

    [Fact]
    public void There_are_such_commands() => Assert.True(Commands.Count >= 10, $"{Commands.Count}");

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_command_is_answered(string file, string command)
    {
        var folder = Directory.CreateTempSubdirectory("iga-curl-");
        try
        {
            // An answer of 400 and more is an error of curl's as well.
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, ".curlrc"), "fail-with-body\n", TestContext.Current.CancellationToken);
            Directory.CreateSymbolicLink(Path.Combine(folder.FullName, "docs"), Path.Combine(Sources.Root, "docs"));
            var start = new ProcessStartInfo("bash", ["-c", OfThisService(command)]) { WorkingDirectory = folder.FullName };
            start.Environment["CURL_HOME"] = folder.FullName;
            start.Environment["TASK_ID"] = (await TaskForAsync(command)).ToString();

            var run = await ProgramRun.TryAsync(start);
            Assert.SkipWhen(run is null, "no bash");
            Assert.SkipWhen(run.ExitCode == 127, "curl, or what its answer is given to, is not installed");
            run.OutputOf($"{file}: {command}");
            Assert.All(folder.GetFiles("*.png"), picture => Assert.Equal(400, picture.Length));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string OfThisService(string command)
    {
        Assert.Matches(@"http://(127\.0\.0\.1|localhost):5007/", command);
        return Address().Replace(command, _service.Client.BaseAddress!.ToString())
            .Replace("episode-7-cover", Caller.NewKey(), StringComparison.Ordinal);
    }

    /// <summary>What is cancelled has not ended, what is tried again has failed, and all else has succeeded.</summary>
    private async Task<Guid> TaskForAsync(string command)
    {
        var prompt = $"a lighthouse {Guid.NewGuid()}";
        var isCancel = command.Contains("/cancel", StringComparison.Ordinal);
        if (isCancel)
        {
            _service.Vertex.Faults.Add("vertex.generateContent", LongCallsFixture.Stall, match: prompt);
        }
        else if (command.Contains("/retry", StringComparison.Ordinal))
        {
            _service.Vertex.Faults.Add("vertex.generateContent", "return-400", match: prompt);
        }

        var id = await _service.Client.SubmitAsync(Caller.NewKey(), new { prompt });
        await (isCancel ? _service.Client.WaitAsync(id, "STARTED") : _service.Client.WaitAsync(id));
        return id;
    }

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(Path.Combine(Sources.Root, "docs"), "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Append(Path.Combine(Sources.Root, "README.md"));

    [GeneratedRegex("^```bash\n(.*?)\n```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"http://(127\.0\.0\.1|localhost):5007/")]
    private static partial Regex Address();
}
