using System.Text;
using Iga.Emulators.Vertex;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Models;

namespace Iga.Tests.Models;

/// <summary>How the body of an answer comes into memory: as much of it as arrives, unpacked, within bounds.</summary>
public sealed class RestVertexBodyTests : IDisposable
{
    private readonly CountingPool _pool = new();
    private readonly TestTime _time = new();
    private readonly HttpClient _http = GoogleHttp.CreateClient(
        GoogleHttp.CreateHandler(isEmulator: true), Dependency.Model, new NoAuthorization());

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_answer_is_read_whole_and_its_buffer_goes_back_once(bool isAnnounced)
    {
        const int size = 3_000_001;
        await using var server = await ScriptedServer.StartAsync(Wire.Huge(size, isAnnounced));
        using var transport = Transport(server.Address);

        var reply = await PostAsync(transport);

        Assert.Equal(size, reply.Body.Length);
        Assert.Equal(1, _pool.Out);
        reply.Dispose();
        reply.Dispose();
        Assert.Equal(0, _pool.Out);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_over_the_limit_is_kept_up_to_the_limit_and_says_so(bool isAnnounced)
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Huge(RestVertexTransport.MaxBody + 1, isAnnounced));
        using var transport = Transport(server.Address);

        using (var reply = await PostAsync(transport))
        {
            Assert.IsType<ReplyTooLargeException>(reply.BrokenOff);
            Assert.Equal(RestVertexTransport.MaxBody, reply.Body.Length);
        }

        Assert.Equal(0, _pool.Out);
    }

    public static TheoryData<string, bool> Packed => new()
    {
        { "gzip", true },
        { "gzip", false },
        { "identity", true }, // a proxy unpacked it and left the header as it was
    };

    [Theory]
    [MemberData(nameof(Packed))]
    public async Task A_compressed_answer_is_unpacked_whether_or_not_it_is_announced(string packed, bool isAnnounced)
    {
        var body = Encoding.UTF8.GetBytes(Replies.Gemini(Pictures.Png(300_000)));
        await using var server = await ScriptedServer.StartAsync(Wire.Body(
            packed == "gzip" ? DressedAnswer.Gzip(body) : body, isAnnounced ? "gzip" : null));
        using var transport = Transport(server.Address);

        using (var reply = await PostAsync(transport))
        {
            Assert.True(reply.Body.Span.SequenceEqual(body));
            Assert.Null(reply.BrokenOff);
            Assert.Equal(1, _pool.Out);
        }

        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task An_answer_that_unpacks_to_more_than_the_limit_is_not_unpacked_further()
    {
        var bomb = DressedAnswer.Gzip(new byte[4 * RestVertexTransport.MaxBody]);
        await using var server = await ScriptedServer.StartAsync(Wire.Body(bomb, "gzip"));
        using var transport = Transport(server.Address);

        using (var reply = await PostAsync(transport))
        {
            Assert.IsType<ReplyTooLargeException>(reply.BrokenOff);
            Assert.Equal(RestVertexTransport.MaxBody, reply.Body.Length);
        }

        Assert.InRange(_pool.Largest, RestVertexTransport.MaxBody, 2 * RestVertexTransport.MaxBody);
        Assert.Equal(0, _pool.Out);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_that_breaks_off_is_kept_as_far_as_it_came_and_says_so(bool isPacked)
    {
        var body = Encoding.UTF8.GetBytes(Replies.Gemini(Pictures.Png(300_000)));
        var sent = body.Length / 2;
        await using var server = await ScriptedServer.StartAsync(isPacked
            ? Wire.Body(DressedAnswer.Gzip(body)[..^100_000], "gzip")
            : Wire.Truncated(body, sent, () => Poll.UntilAsync(() => _pool.IsFilledTo(sent))));
        using var transport = Transport(server.Address);

        using (var reply = await PostAsync(transport))
        {
            // GZipStream takes a cut within its data for the end.
            Assert.Equal(!isPacked, reply.BrokenOff is HttpRequestException);
            Assert.True(reply.Body.Length > 0 && reply.Body.Span.SequenceEqual(body.AsSpan(0, reply.Body.Length)));
        }

        Assert.Equal(0, _pool.Out);
    }

    private RestVertexTransport Transport(Uri endpoint) => new(
        _http, new(endpoint, "my-project", "global", null, null, new CallTimeouts()), _time, _pool);

    private static Task<VertexReply> PostAsync(RestVertexTransport transport) => transport.PostAsync(
        "gemini-3.1-flash-image", "generateContent", "{}"u8.ToArray(), CancellationToken.None);
}
