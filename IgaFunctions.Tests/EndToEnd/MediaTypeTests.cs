using System.IO.Compression;
using System.Net;
using System.Text;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>What the headers say of the body counts: it has to be JSON, as it is.</summary>
public class MediaTypeTests(Service service) : RejectedRequests(service)
{
    private const string Body = """{"prompt": "x"}""";

    [Theory]
    [InlineData("Content-Encoding", "gzip", "is compressed")]
    [InlineData("Content-Encoding", "identity, br", "is compressed")]
    [InlineData("Content-Encoding", "deflate", "is compressed")]
    [InlineData("Content-Type", "application/x-www-form-urlencoded", "send the body as application/json")]
    [InlineData("Content-Type", "text/plain; charset=utf-8", "send the body as application/json")]
    [InlineData("Content-Type", "application/jsonp", "send the body as application/json")]
    [InlineData("Content-Type", "json", "send the body as application/json")]
    public async Task A_body_that_says_it_is_something_else_is_refused(string header, string value, string message)
    {
        await AssertRefusedAsync(With(header, value, Encoding.UTF8.GetBytes(Body)), 415, "IGA_UNSUPPORTED_MEDIA_TYPE", message);
    }

    [Fact]
    public async Task A_body_that_is_compressed_is_told_so_before_it_is_found_to_be_no_json()
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Body));
        }

        await AssertRefusedAsync(
            With("Content-Encoding", "gzip", compressed.ToArray()), 415, "IGA_UNSUPPORTED_MEDIA_TYPE", "Content-Encoding");
    }

    [Theory]
    [InlineData("Content-Encoding", "identity")]
    [InlineData("Content-Type", "application/json")]
    [InlineData("Content-Type", "Application/JSON; charset=UTF-8")]
    [InlineData("Content-Type", "application/vnd.cpoa+json")]
    [InlineData("X-None", "no type at all")]
    public async Task A_body_that_says_it_is_json_or_says_nothing_is_taken(string header, string value)
    {
        using var response = await Client.SendAsync(With(header, value, Encoding.UTF8.GetBytes(Body)));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private static HttpRequestMessage With(string header, string value, byte[] body)
    {
        var request = Post("", NewKey());
        request.Content = new ByteArrayContent(body);
        Assert.True(request.Content.Headers.TryAddWithoutValidation(header, value));
        return request;
    }
}
