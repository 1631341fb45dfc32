using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

/// <summary>Multipart uploads in the forms that clients are known to send, byte by byte.</summary>
public sealed class GcsMultipartFormTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Theory]
    [InlineData( // gcloud's
        "multipart/related; boundary='===============123=='",
        "--===============123==\nContent-Type: application/json\nMIME-Version: 1.0\n\n{\"name\": \"a\"}\n"
        + "--===============123==\nContent-Type: image/png\nMIME-Version: 1.0\nContent-Transfer-Encoding: binary\n\n"
        + "picture\r\n\r\n--===============123==--",
        "picture\r\n\r")]
    [InlineData( // the single quotes are part of the boundary, as the RFC has it
        "multipart/related; boundary='b'", "--'b'\r\n\r\n{\"name\": \"a\"}\r\n--'b'\r\nContent-Type: image/png\r\n\r\npicture\r\n--'b'--\r\n", "picture")]
    [InlineData(
        "multipart/related; type=\"application/json\"; boundary=\"b c:1\"",
        "--b c:1\r\n\r\n{\"name\": \"a\"}\r\n--b c:1\r\ncontent-type: image/png\r\n\r\n\npicture\n\r\n--b c:1--", "\npicture\n")]
    [InlineData( // text before and after it, white space after a boundary, content that looks like one
        "MULTIPART/RELATED; Boundary=b; charset=x",
        "before\r\n--bb\r\n--b \t\r\n\r\n{\"name\":\r\n \"a\"}\r\n--b\r\nContent-Type: image/png\r\n\r\npic\r\n--bture\n--b--\r\n--b--\r\nafter\r\n--b",
        "pic\r\n--bture\n--b--")]
    [InlineData("multipart/related; boundary=b", "--b\r\n\r\n{\"name\": \"a\"}\r\n--b\r\nContent-Type: image/png\r\n\r\n\r\n--b--\r\n", "")]
    [InlineData("multipart/related; boundary=b", "--b\n\n{\"name\": \"a\"}\n--b\nContent-Type: image/png\n\n--b--\n", "")]
    public async Task An_upload_is_read_in_each_form_of_boundary_and_line_end(string contentType, string body, string content)
    {
        var reply = await PostAsync(contentType, body);
        Assert.Equal(200, reply.Status);
        var item = _gcs.Objects.Find(Gcs.Bucket, "a")!;
        Assert.Equal("image/png", item.ContentType);
        Assert.Equal(content, System.Text.Encoding.UTF8.GetString(await _gcs.Objects.ReadAsync(Gcs.Bucket, "a")));
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(131_072)]
    public async Task Content_of_any_length_ends_where_its_boundary_begins(int length)
    {
        foreach (var more in Enumerable.Range(0, 8))
        {
            var content = new string('x', length + more) + "\r\n--bo";
            var reply = await PostAsync(
                "multipart/related; boundary=boundary",
                $"--boundary\r\n\r\n{{\"name\": \"a\"}}\r\n--boundary\r\n\r\n{content}\r\n--boundary--\r\n");
            Assert.Equal(200, reply.Status);
            Assert.Equal(content.Length, _gcs.Objects.Find(Gcs.Bucket, "a")!.Size);
        }
    }

    [Theory]
    [InlineData(400, "--b\n\n{\"name\": \"a\"}\n--b\n\nx\n--b\n\ny\n--b--\n")]
    [InlineData(400, "--b\n\n{\"name\": \"a\"}\n--b--\n")]
    [InlineData(400, "--b\n\n{\"name\": \"a\"}\n--b\n\nhalf of")]
    [InlineData(400, "--c\n\n{\"name\": \"a\"}\n--c\n\nx\n--c--\n")]
    [InlineData(400, "--b\n\n{\"name\": \n--b\n\nx\n--b--\n")]
    [InlineData(400, "--b\nno header\n\n{\"name\": \"a\"}\n--b\n\nx\n--b--\n")]
    [InlineData(501, "--b\n\n{\"name\": \"a\"}\n--b\nContent-Transfer-Encoding: base64\n\neA==\n--b--\n")]
    [InlineData(400, "")]
    public async Task A_form_that_can_not_be_read_is_refused_and_leaves_nothing(int status, string body)
    {
        Assert.Equal(status, (await PostAsync("multipart/related; boundary=b", body)).Status);
        Assert.Empty(_gcs.Objects.List(Gcs.Bucket));
    }

    private Task<RawHttp.Ending> PostAsync(string contentType, string body) => RawHttp.PostAsync(
        new Uri(_gcs.Address, $"upload/storage/v1/b/{Gcs.Bucket}/o?uploadType=multipart"), body, headers: $"Content-Type: {contentType}\r\n");
}
