using System.Net;
using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/tasks/{id}/image: the task's picture, and never another object.</summary>
public class TaskImageTests(Service service)
{
    [Fact]
    public async Task The_picture_is_what_the_bucket_holds_and_a_browser_may_keep_and_must_not_run_it()
    {
        var picture = await MadePicture.SharedAsync(service);

        using var answer = await service.Client.GetAsync(picture.Path);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(picture.Bytes, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(picture.Bytes.Length, answer.Content.Headers.ContentLength);
        Assert.Equal($"\"{picture.Generation}\"", answer.Headers.ETag?.ToString());
        Assert.NotNull(answer.Content.Headers.LastModified);
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
        Assert.Equal("max-age=31536000, private, immutable", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("sandbox; default-src 'none'", Header(answer, "Content-Security-Policy"));
        Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
        Assert.Equal($"inline; filename=\"{picture.Name[Service.Prefix.Length..]}\"", answer.Content.Headers.ContentDisposition?.ToString());
    }

    [Fact]
    public async Task A_picture_in_another_format_says_which()
    {
        var picture = await MadePicture.MakeAsync(service, new { prompt = $"a jpeg {Guid.NewGuid()}", output_format = "jpeg" });

        using var answer = await service.Client.GetAsync(picture.Path);

        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal(picture.Bytes, await answer.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-199", 100, 100)]
    [InlineData("bytes=100-", 100, null)]
    [InlineData("bytes=-17", -17, 17)]
    [InlineData("bytes=5-99999999", 5, null)]
    public async Task A_part_of_it_can_be_had(string range, int from, int? length)
    {
        var picture = await MadePicture.SharedAsync(service);
        var start = from < 0 ? picture.Bytes.Length + from : from;
        var end = start + (length ?? picture.Bytes.Length - start);

        using var answer = await GetAsync(picture.Path, ("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal($"bytes {start}-{end - 1}/{picture.Bytes.Length}", answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal(picture.Bytes[start..end], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task What_the_caller_has_already_decides_what_is_sent()
    {
        var picture = await MadePicture.SharedAsync(service);
        var tag = $"\"{picture.Generation}\"";
        using var whole = await service.Client.GetAsync(picture.Path);
        var modified = whole.Content.Headers.LastModified!.Value.ToString("R");

        foreach (var (status, headers) in ((int, (string, string)[])[])
        [
            (304, [("If-None-Match", tag)]),
            (304, [("If-None-Match", $"W/{tag}")]),
            (304, [("If-None-Match", $"\"other\", {tag}")]),
            (304, [("If-None-Match", "*")]),
            (200, [("If-None-Match", "\"other\"")]),
            (304, [("If-Modified-Since", modified)]),
            (206, [("Range", "bytes=0-9"), ("If-Range", tag)]),
            (206, [("Range", "bytes=0-9"), ("If-Range", modified)]),
            (200, [("Range", "bytes=0-9"), ("If-Range", "\"other\"")]),
            (200, [("Range", "bytes=0-9,20-29")]),
            (200, [("Range", "pixels=0-9")]),
            (412, [("If-Match", "\"other\"")]),
            (416, [("Range", $"bytes={picture.Bytes.Length}-")]),
        ])
        {
            using var answer = await GetAsync(picture.Path, headers);
            var body = await answer.Content.ReadAsByteArrayAsync();

            Assert.True(status == (int)answer.StatusCode, $"{string.Join(", ", headers)}: {(int)answer.StatusCode}");
            Assert.Equal(status switch { 200 => picture.Bytes.Length, 206 => 10, 304 => 0, _ => body.Length }, body.Length);
            if (status == 304)
            {
                Assert.Equal(tag, answer.Headers.ETag?.ToString());
            }

            if (status > 400)
            {
                Assert.Equal(
                    status == 416 ? "IGA_RANGE_NOT_SATISFIABLE" : "IGA_PRECONDITION_FAILED",
                    JsonDocument.Parse(body).RootElement.GetProperty("error_code").GetString());
                Assert.True(answer.Headers.CacheControl?.NoStore);
                Assert.Equal(status == 416 ? $"bytes */{picture.Bytes.Length}" : null, answer.Content.Headers.ContentRange?.ToString());
            }
        }
    }

    [Fact]
    public async Task HEAD_tells_all_but_the_bytes()
    {
        var picture = await MadePicture.SharedAsync(service);

        using var head = await service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, picture.Path));

        Assert.Equal((HttpStatusCode.OK, (long?)picture.Bytes.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Equal("image/png", head.Content.Headers.ContentType?.ToString());
        Assert.Equal($"\"{picture.Generation}\"", head.Headers.ETag?.ToString());
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_task_without_a_picture_says_why()
    {
        var slow = $"slow {Guid.NewGuid()}";
        await service.ModelFaultAsync(slow, "latency-1500ms");
        var onItsWay = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = slow });
        Assert.Equal((409, "IGA_TASK_NOT_ENDED"), await ErrorAsync($"/v1/tasks/{onItsWay}/image"));
        using (var wait = await service.Client.GetAsync($"/v1/tasks/{onItsWay}/image"))
        {
            Assert.NotNull(wait.Headers.RetryAfter?.Delta);
        }

        var blocked = $"blocked {Guid.NewGuid()}";
        await service.ModelFaultAsync(blocked, "blocked-prompt-200");
        var failed = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = blocked });
        await service.Client.WaitAsync(failed);
        Assert.Equal((404, "IGA_NO_IMAGE"), await ErrorAsync($"/v1/tasks/{failed}/image"));

        foreach (var id in (string[])[$"{Guid.NewGuid()}", "nonsense", $"{failed:N}", $"{{{failed}}}"])
        {
            Assert.Equal((404, "IGA_TASK_NOT_FOUND"), await ErrorAsync($"/v1/tasks/{id}/image"));
        }

        await service.Client.WaitAsync(onItsWay);
        using var made = await service.Client.GetAsync($"/v1/tasks/{onItsWay}/image");
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task A_wrong_redirect_and_a_wrong_method_are_refused()
    {
        var picture = await MadePicture.SharedAsync(service);

        Assert.Equal((400, "IGA_BAD_REQUEST_QUERY"), await ErrorAsync($"{picture.Path}?redirect=please"));
        Assert.Equal((400, "IGA_BAD_REQUEST_QUERY"), await ErrorAsync($"{picture.Path}?redirect=signed&redirect=signed"));
        using var post = await service.Client.PostAsync(picture.Path, null);
        Assert.Equal(service.IsOnFunctions ? HttpStatusCode.NotFound : HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await service.Client.SendAsync(request);
    }

    private async Task<(int Status, string? Code)> ErrorAsync(string path)
    {
        using var answer = await service.Client.GetAsync(path);
        var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync()).RootElement;
        Assert.True(answer.Headers.CacheControl?.NoStore);
        return ((int)answer.StatusCode, body.GetProperty("error_code").GetString());
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
