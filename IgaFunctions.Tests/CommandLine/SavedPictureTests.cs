using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.CommandLine.Generate;

namespace Iga.Tests.CommandLine;

/// <summary>Where <c>generate</c> saves a picture, and what it tells of it.</summary>
public sealed class SavedPictureTests : GenerateRun
{
    [Fact]
    public async Task A_second_picture_of_a_prompt_gets_a_number()
    {
        await using var service = await FakeService.StartAsync([(202, Accepted), (202, Accepted)], [(200, Success("a.png"))]);

        await RunAsync(service, new GenerateArguments("A cat"));
        await RunAsync(service, new GenerateArguments("A cat"));

        Assert.Equal([Folder["a-cat-2.png"], Folder["a-cat.png"]], Directory.EnumerateFiles(Folder.Path).Order(StringComparer.Ordinal));
        Assert.Equal(2, service.Requests.Select(request => request.Key).Distinct().Count());
    }

    [Theory]
    [InlineData(false, ExitCode.Failure, "precious")]
    [InlineData(true, ExitCode.Success, null)]
    public async Task A_file_that_is_there_is_overwritten_only_by_force_and_the_address_is_told_in_any_case(
        bool force, int exitCode, string? kept)
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(200, Success("a.png"))]);
        await File.WriteAllTextAsync(Folder["mine.png"], "precious");

        Assert.Equal(exitCode, await RunAsync(service, new GenerateArguments("x", OutFile: Folder["mine.png"], Force: force)));

        Assert.Equal(kept is null ? Png : Encoding.UTF8.GetBytes(kept), await File.ReadAllBytesAsync(Folder["mine.png"]));
        Assert.Contains("gs://bucket/a.png", Output.ToString().Split(Environment.NewLine));
        Assert.Equal(!force, Error.ToString().Contains("was made and stored, but could not be saved here", StringComparison.Ordinal));
        Assert.Single(Directory.EnumerateFiles(Folder.Path));
    }

    [Fact]
    public async Task A_download_is_tried_again()
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(200, Success("a.png"))]);
        DownloadFailures = 2;

        Assert.Equal(ExitCode.Success, await RunAsync(service, new GenerateArguments("x")));

        Assert.Equal(Png, await File.ReadAllBytesAsync(Folder["x.png"]));
    }

    [Theory]
    [InlineData(0, ExitCode.Success)]
    [InlineData(99, ExitCode.Failure)]
    public async Task For_programs_the_result_is_one_object_whether_the_picture_could_be_saved_or_not(int failures, int exitCode)
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(200, Success("a.png")[..^1] + """
            , "details": {"content_type": "image/png", "model": "m", "image_size": "2K", "prompt_tokens": 5, "output_tokens": 1680, "price_usd": 0.101}}
            """)]);
        DownloadFailures = failures;

        Assert.Equal(exitCode, await RunAsync(service, new GenerateArguments("x", Json: true)));

        var result = JsonNode.Parse(Output.ToString())!.AsObject();
        Assert.InRange((double)result["seconds"]!, 0, 600);
        result.Remove("seconds");
        var saved = failures == 0;
        Assert.True(JsonNode.DeepEquals(result, JsonNode.Parse($$"""
            {
                "file": {{(saved ? JsonSerializer.Serialize(Folder["x.png"]) : "null")}}, "url": "gs://bucket/a.png",
                "width": {{(saved ? "1408" : "null")}}, "height": {{(saved ? "768" : "null")}},
                "bytes": {{(saved ? "26" : "null")}}, "content_type": "image/png", "model": "m", "image_size": "2K", "prompt_tokens": 5,
                "output_tokens": 1680, "price_usd": 0.101, "task_id": "42"
            }
            """)), result.ToJsonString());
    }

    [Fact]
    public async Task A_picture_of_another_type_than_its_name_says_is_saved_under_that_name_and_told()
    {
        await using var service = await FakeService.StartAsync([(202, Accepted)], [(200, Success("a.png"))]);

        Assert.Equal(ExitCode.Success, await RunAsync(service, new GenerateArguments("x", OutFile: Folder["mine.jpg"])));

        Assert.Equal([Folder["mine.jpg"]], Directory.EnumerateFiles(Folder.Path));
        Assert.Contains("the picture is image/png", Error.ToString(), StringComparison.Ordinal);
    }
}
