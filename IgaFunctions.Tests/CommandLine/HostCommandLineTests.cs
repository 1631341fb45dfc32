using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.CommandLine.Server;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.CommandLine;

public sealed class HostCommandLineTests : CommandRun
{
    private readonly List<object> _ran = [];

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate", "migrate")]
    public async Task A_verb_runs_what_it_stands_for(string expected, params string[] args)
    {
        Assert.Equal(7, await InvokeAsync(args));
        Assert.Equal(expected, Assert.Single(_ran));
        Assert.Equal("", Error.ToString());
    }

    [Fact]
    public async Task Generate_takes_the_prompt_as_it_is_and_every_option()
    {
        Assert.Equal(7, await InvokeAsync(
            "generate", "@home \"by the sea\"", "--aspect-ratio", "16:9", "--model", "m", "--out", "a b.png", "--no-watermark",
            "--image-size", "4K", "--output-format", "jpeg", "--seed", "17", "--force", "--json"));
        Assert.Equal(7, await InvokeAsync("generate", "--", "--not-an-option"));

        Assert.Equal(
            [
                new GenerateArguments("@home \"by the sea\"", "16:9", "m", "a b.png", false, "4K", "jpeg", "17", Force: true, Json: true),
                new GenerateArguments("--not-an-option"),
            ],
            _ran);
    }

    [Fact]
    public async Task Generate_takes_several_prompts_and_a_service_elsewhere()
    {
        Assert.Equal(7, await InvokeAsync("generate", "a cat", "dog", "--model", "m", "--parallel", "3", "--batch", "b", "--out", "here"));
        Assert.Equal(7, await InvokeAsync("generate", "a cat", "--server", "https://iga.example.com"));

        var batch = Assert.IsType<BatchArguments>(_ran[0]);
        Assert.Equal(["a cat", "dog"], batch.Prompts);
        Assert.Equal((new GenerateArguments("", ModelId: "m", OutFile: "here"), 3, "b"), (batch.Each, batch.Parallel, batch.Name));
        Assert.Equal((new GenerateArguments("a cat"), new Uri("https://iga.example.com/")), _ran[1]);
    }

    [Fact]
    public async Task Migrate_takes_a_time_before_which_it_erases()
    {
        Assert.Equal(7, await InvokeAsync("migrate", "--erase-before", "2025-02-03"));
        Assert.Equal(new DateTimeOffset(2025, 2, 3, 0, 0, 0, TimeSpan.Zero), Assert.Single(_ran));
    }

    [Fact]
    public async Task Generate_takes_several_reference_pictures()
    {
        await InvokeAsync("generate", "x", "--reference-image", "gs://b/1.png", "--reference-image", "gs://b/2.png");

        Assert.Equal(["gs://b/1.png", "gs://b/2.png"], Assert.IsType<GenerateArguments>(Assert.Single(_ran)).ReferenceImages);
    }

    [Theory]
    [InlineData("generat", "generat", "a lighthouse")]
    [InlineData("--colour", "generate", "a lighthouse", "--colour")]
    [InlineData("--port", "--port", "80")]
    [InlineData("generate", "generate")]
    [InlineData("--out", "generate", "a lighthouse", "--out")]
    [InlineData("quotes: \"lighthouse at dawn\"", "generate", "lighthouse", "at", "dawn")]
    [InlineData("--prompts", "generate", "--prompts", "/there/is/no/such/file")]
    [InlineData("not both", "generate", "a lighthouse", "--prompts", "file")]
    [InlineData("--parallel", "generate", "a lighthouse", "a cat", "--parallel", "0")]
    [InlineData("from 1 to 100, but is 'many'", "generate", "a lighthouse", "a cat", "--parallel", "many")]
    [InlineData("--server", "generate", "a lighthouse", "--server", "iga.example.com")]
    [InlineData("now", "migrate", "now")]
    [InlineData("--erase-before must be a date such as 2026-11-01", "migrate", "--erase-before", "yesterday")]
    [InlineData("and not in the future", "migrate", "--erase-before", "9999-01-01")]
    public async Task What_is_not_understood_is_one_line_and_exit_code_2(string named, params string[] args)
    {
        Assert.Equal(ExitCode.Usage, await InvokeAsync(args));

        Assert.Empty(_ran);
        Assert.Equal("", Output.ToString());
        var line = Assert.Single(Error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(named, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "migrate")]
    [InlineData("--version", ".")]
    public async Task Help_and_version_are_printed_and_nothing_runs(string option, string expected)
    {
        Assert.Equal(ExitCode.Success, await InvokeAsync(option));
        Assert.Empty(_ran);
        Assert.Contains(expected, Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exceptions_are_left_to_the_caller()
    {
        var root = HostCommandLine.Create(
            _ => throw new InvalidOperationException("serve"), (_, _) => Task.FromResult(0));

        await Assert.ThrowsAsync<InvalidOperationException>(() => HostCommandLine.InvokeAsync(root, []));
    }

    private Task<int> InvokeAsync(params string[] args) => HostCommandLine.InvokeAsync(
        HostCommandLine.Create(
            _ => Ran("serve"), (eraseBefore, _) => Ran(eraseBefore is { } time ? time : "migrate"),
            GenerateVerb.Create(
                new ServerOptions(new ConfigurationBuilder().Build()),
                (arguments, address, _) => Ran(address is null ? arguments : (arguments, address.Url)),
                (batch, _, _) => Ran(batch))),
        args, Output, Error);

    private Task<int> Ran(object what)
    {
        _ran.Add(what);
        return Task.FromResult(7);
    }
}
