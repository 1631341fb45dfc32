using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Emulators.Vertex;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Emulators;

public sealed partial class EmulatorProgramTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task It_prints_both_addresses_serves_and_stops_on_SIGTERM()
    {
        using var program = Process.Start(Program("--vertex-port", "0", "--gcs-port", "0", "--bucket", "pictures"))!;
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
    [InlineData("--vertex-port 65536", "--vertex-port")]
    [InlineData("--latency-ms -1", "--latency-ms")]
    [InlineData("--latency-ms 1.5", "--latency-ms")]
    [InlineData("--picture IgaFunctions.Emulators.dll", "PNG or JPEG")]
    [InlineData("--picture no-such-file.png", "no-such-file.png")]
    [InlineData("--model-catalog no-such-file.json", "no-such-file.json")]
    [InlineData("--host", "--host")]
    [InlineData("@no-such-file.rsp", "@no-such-file.rsp")]
    [InlineData("--bucket @no-such-file.rsp", "\"@no-such-file.rsp\" is not a valid name for a bucket")]
    public async Task What_it_does_not_understand_is_named_and_ends_with_2(string arguments, string named)
    {
        var run = await ProgramRun.RunAsync(Program(arguments.Split(' ')));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        ControlRefusalTests.AssertPlain(run.Errors);
    }

    [Theory]
    [InlineData("[]", "an object with a list \"models\" is expected")]
    [InlineData("{\"models\": 1}", "an object with a list \"models\" is expected")]
    [InlineData("{\"models\": [{}]}", "models[0].id has to be a string")]
    [InlineData("{\"models\": [{\"id\": \"a\", \"family\": \"llama\"}]}", "models[0].family has to be \"gemini\" or \"imagen\"")]
    [InlineData("{\"models\": [{\"id\": \"a\", \"family\": \"gemini\", \"image_sizes\": [{\"size\": 1}]}]}", "models[0].image_sizes[0].size has to be a string")]
    [InlineData("{\"models\": [{\"id\": \"a\", \"family\": \"gemini\", \"takes_seed\": \"no\"}]}", "models[0].takes_seed has to be true or false")]
    [InlineData("{\"models\": [", "line 1")]
    public async Task A_file_that_is_no_catalog_is_named_with_what_is_wrong_in_it(string text, string problem)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, text);
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => VertexEmulator.StartAsync(new VertexEmulatorOptions { ModelCatalogFile = file }));
        File.Delete(file);
        Assert.StartsWith($"{file} is no catalog of models: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        ControlRefusalTests.AssertPlain(error.Message);
    }

    [Fact]
    public async Task A_directory_that_it_can_not_keep_objects_in_is_told_without_a_stack_trace()
    {
        var run = await ProgramRun.RunAsync(Program("--data", Path.Combine(AppContext.BaseDirectory, "IgaFunctions.Emulators.dll", "images")));
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("--data ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("IgaFunctions.Emulators.dll", run.Errors, StringComparison.Ordinal);
        ControlRefusalTests.AssertPlain(run.Errors);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_with_its_option()
    {
        await using var other = await VertexEmulator.StartAsync(new());
        var run = await ProgramRun.RunAsync(Program("--vertex-port", "0", "--gcs-port", other.Address.Port.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"--gcs-port {other.Address.Port}: the port is taken.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_1K_draws_in_the_size_that_it_has()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, """{"models": [{"id": "our-model", "family": "imagen", "image_sizes": [{"size": "2K"}]}]}""");
        await using var vertex = await VertexEmulator.StartAsync(new VertexEmulatorOptions { ModelCatalogFile = file });
        File.Delete(file);

        using var body = new StringContent("""{"instances": [{"prompt": "x"}], "parameters": {"sampleCount": 1}}""");
        using var answer = await Vertex.Http.PostAsync(
            new Uri(vertex.Address, "v1/projects/p/locations/global/publishers/google/models/our-model:predict"), body);

        Assert.Equal(200, (int)answer.StatusCode);
    }

    private static ProcessStartInfo Program(params string[] arguments) =>
        new("dotnet", [Path.Combine(AppContext.BaseDirectory, "IgaFunctions.Emulators.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };

    private static Task<string?> ReadLineAsync(Process program) => program.StandardOutput.ReadLineAsync().WaitAsync(Deadline);

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+/")]
    private static partial Regex Address();
}
