using System.Net;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>A picture whose object is not the task's any more, or whose bucket has a bad day.</summary>
public class TaskImageFaultTests(Service service)
{
    /// <summary>Does nothing to the look at the object, so that the next fault strikes its bytes.</summary>
    private const string None = "latency-1ms";

    [Fact]
    public async Task An_object_that_is_gone_or_another_one_is_not_shown()
    {
        var gone = await MadePicture.MakeAsync(service);
        var replaced = await MadePicture.MakeAsync(service);
        var same = await MadePicture.MakeAsync(service);
        await gone.DeleteAsync();
        await replaced.ReplaceAsync("<script>alert(1)</script>"u8.ToArray());
        await same.ReplaceAsync(same.Bytes); // the same bytes, by somebody else: another version all the same

        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync(gone));
        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync(replaced));
        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync(same));
    }

    /// <summary>Rows of before have no version of the object, or nothing at all of the picture.</summary>
    [Theory]
    [InlineData("image_details = image_details - 'generation'")]
    [InlineData("image_details = null")]
    public async Task Without_a_recorded_version_it_is_told_by_what_else_is_known(string assignment)
    {
        var picture = await MadePicture.MakeAsync(service);
        await picture.ChangeRowAsync(assignment);
        Assert.Equal(picture.Bytes, await service.Client.GetByteArrayAsync(picture.Path));

        await picture.ReplaceAsync("another object"u8.ToArray());

        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync(picture));
    }

    [Theory]
    [InlineData("gs://another-bucket/{0}")]
    [InlineData("gs://test-bucket/elsewhere/a.png")]
    [InlineData("gs://test-bucket/images/iga/../../secret.png")]
    [InlineData("gs://test-bucket/images/iga/")]
    [InlineData("gs://test-bucket/images/iga/below/a.png")]
    [InlineData("http://example.test/a.png")]
    public async Task Only_what_lies_below_the_services_own_path_is_looked_for(string url)
    {
        var picture = await MadePicture.MakeAsync(service);
        await picture.ChangeRowAsync(
            $"result_payload = jsonb_set(result_payload, '{{image_url}}', '\"{url.Replace("{0}", picture.Name, StringComparison.Ordinal)}\"')");

        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync(picture));
    }

    [Theory]
    [InlineData("return-503")]
    [InlineData(None, "return-503")]
    [InlineData("return-reset-connection", None, "return-reset-connection")]
    public async Task A_short_fault_of_the_bucket_is_not_noticed(params string[] faults)
    {
        var picture = await MadePicture.MakeAsync(service);
        await picture.FaultAsync(faults);

        Assert.Equal(picture.Bytes, await service.Client.GetByteArrayAsync(picture.Path));
    }

    [Theory]
    [InlineData("return-503", "return-503", "return-503")]
    [InlineData(None, "return-503", "return-503", "return-503")]
    [InlineData("return-403")]
    public async Task A_bucket_that_gives_nothing_is_told(params string[] faults)
    {
        var picture = await MadePicture.MakeAsync(service);
        await picture.FaultAsync(faults);

        Assert.Equal((503, "IGA_IMAGE_STORE_UNAVAILABLE"), await ErrorAsync(picture));
    }

    [Theory]
    [InlineData("reset-inside-body-after-4K")]
    [InlineData("truncate-body-after-4K")]
    public async Task An_answer_that_breaks_off_never_looks_whole(string fault)
    {
        var picture = await MadePicture.MakeAsync(service);
        Assert.True(picture.Bytes.Length > 8_192);
        await picture.FaultAsync(None, fault);

        // The connection's end may overtake the head of the answer.
        var broken = await Record.ExceptionAsync(async () =>
        {
            using var answer = await service.Client.GetAsync(picture.Path, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal((HttpStatusCode.OK, (long?)picture.Bytes.Length), (answer.StatusCode, answer.Content.Headers.ContentLength));
            await answer.Content.ReadAsByteArrayAsync();
        });

        Assert.True(broken is HttpRequestException or IOException, $"{broken}");
        Assert.Equal(picture.Bytes, await service.Client.GetByteArrayAsync(picture.Path));
    }

    private async Task<(int Status, string? Code)> ErrorAsync(MadePicture picture)
    {
        using var answer = await service.Client.GetAsync(picture.Path);
        var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
        Assert.Equal(answer.StatusCode == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
        return ((int)answer.StatusCode, body.GetProperty("error_code").GetString());
    }
}
