using Iga.Configuration;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;
using Iga.LocalHost.Host;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.CommandLine;

/// <summary>What <c>generate</c> refuses before anything is started.</summary>
public sealed class GenerateRequestTests
{
    private static readonly IgaOptions Options = HostConfiguration.Check(new ConfigurationBuilder().Build()).App;

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_what_is_allowed()
    {
        var errors = Errors(new GenerateArguments(
            " ", "7:1", "gemini-3-pro-image", null, false, "8K", "gif", "-1", ["a.png"]));

        string[] told =
        [
            "--seed must be", "The prompt is blank", "--aspect-ratio is none", "--no-watermark is given, but", "--image-size is none",
            "--output-format is none", "--reference-image[0] must be",
        ];
        Assert.Equal(told, errors.Zip(told, (error, beginning) => error[..Math.Min(beginning.Length, error.Length)]));
        Assert.Equal(told.Length, errors.Count);
        Assert.Contains("1:1, 2:3", errors[2], StringComparison.Ordinal);
        Assert.Contains("1K, 2K, 4K", errors[4], StringComparison.Ordinal);
        Assert.Contains("png, jpeg", errors[5], StringComparison.Ordinal);
        Assert.DoesNotContain(errors, error => error.Contains('_', StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_model_is_told_with_those_that_there_are()
    {
        var error = Assert.Single(Errors(new GenerateArguments("x", "7:1", "dall-e-3")));

        Assert.StartsWith("--model names no image model", error, StringComparison.Ordinal);
        Assert.Contains("gemini-3.1-flash-image", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemini-nano-banana-2.1", "17", "--seed is given, but gemini-nano-banana-2.1 takes none")]
    [InlineData("gemini-3.1-flash-image", "2147483648", "--seed must be a whole number from 0 to 2147483647, but is '2147483648'")]
    [InlineData("gemini-3.1-flash-image", "1.5", "--seed must be a whole number")]
    public void A_seed_that_the_model_does_not_take_is_told(string model, string seed, string told) =>
        Assert.StartsWith(told, Assert.Single(Errors(new GenerateArguments("x", ModelId: model, Seed: seed))), StringComparison.Ordinal);

    [Fact]
    public void What_the_service_takes_passes() =>
        Assert.Empty(Errors(new GenerateArguments("@home", "16:9", "gemini-3.1-flash-image", ImageSize: "2K", OutputFormat: "jpeg", Seed: "17")));

    private static IReadOnlyList<string> Errors(GenerateArguments arguments) =>
        GenerateRequest.Errors(arguments, Options.Requests, Options.Models);
}
