using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Iga.Tests.Emulators;

public sealed partial class EmulatorProgramTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_prints_both_addresses_serves_and_stops_on_SIGTERM()
    {
        using var program = Start("--vertex-port", "0", "--gcs-port", "0", "--bucket", "pictures");
        var vertex = new Uri(Address().Match((await ReadLineAsync(program))!).Value);
        var gcs = new Uri(Address().Match((await ReadLineAsync(program))!).Value);
        Assert.True((await Vertex.Http.GetAsync(new Uri(vertex, "_emulator/stats"))).IsSuccessStatusCode);
        Assert.True((await Vertex.Http.GetAsync(new Uri(gcs, "storage/v1/b/pictures"))).IsSuccessStatusCode);
        Assert.False((await Vertex.Http.GetAsync(new Uri(gcs, "storage/v1/b/other"))).IsSuccessStatusCode);

        using var kill = Process.Start("kill", ["-TERM", program.Id.ToString(CultureInfo.InvariantCulture)]);
        await program.WaitForExitAsync().WaitAsync(Deadline);
        Assert.Equal(0, program.ExitCode);
        Assert.Equal("", await program.StandardError.ReadToEndAsync());
    }

    [Theory]
    [InlineData("--bogus", "--bogus")]
    [InlineData("serve", "serve")]
    [InlineData("--gcs-port many", "many")]
    [InlineData("--host 0.0.0.0", "not a loopback address")]
    [InlineData("--bucket UPPER", "UPPER")]
    public async Task What_it_does_not_understand_is_named_and_ends_with_2(string arguments, string named)
    {
        using var program = Start(arguments.Split(' '));
        var error = program.StandardError.ReadToEndAsync();
        await program.WaitForExitAsync().WaitAsync(Deadline);
        Assert.Equal(2, program.ExitCode);
        Assert.Contains(named, await error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "IgaFunctions.Emulators.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static Task<string?> ReadLineAsync(Process program) => program.StandardOutput.ReadLineAsync().WaitAsync(Deadline);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
