using System.Text;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.Models;
using Iga.Models.Catalog;
using Iga.Tasks;
using Microsoft.AspNetCore.Http;

namespace Iga.Tests.Models;

/// <summary>The model and the REST transport together, over a wire that fails.</summary>
public sealed class VertexOverHttpTests : IDisposable
{
    private static readonly ImageRequest Request = new("a fox", "1:1", true, "gemini-3.1-flash-image");
    private static readonly byte[] Png = Pictures.Png(300_000);

    private readonly CountingPool _pool = new();
    private readonly TestTime _time = new();
    private readonly HttpClient _http = GoogleHttp.CreateClient(
        GoogleHttp.CreateHandler(isEmulator: true), Dependency.Model, new NoAuthorization());

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_picture_survives_a_reset_and_a_truncated_answer()
    {
        await using var server = await ScriptedServer.StartAsync(
            Wire.Reset, Wire.Truncated(Replies.Gemini(Png)), Wire.Answer(200, Replies.Gemini(Png)));

        using (var image = await GenerateAsync(server))
        {
            Assert.Equal(Png, image.Bytes.ToArray());
        }

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(0, _pool.Out);
    }

    public static TheoryData<string> Faults => [nameof(Wire.Reset), nameof(Wire.Truncated), "503", "not JSON"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_stays_is_told_after_three_attempts(string fault)
    {
        var step = fault switch
        {
            nameof(Wire.Reset) => Wire.Reset,
            nameof(Wire.Truncated) => Wire.Truncated(Replies.Gemini(Png)),
            "503" => Wire.Answer(503, "<html>"),
            _ => Wire.Answer(200, "<html>"),
        };
        await using var server = await ScriptedServer.StartAsync(step);

        var failure = await Assert.ThrowsAsync<FailureException>(() => GenerateAsync(server));

        Assert.Equal((FailureKind.ModelUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.DoesNotContain("127.0.0.1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(0, _pool.Out);
    }

    [Theory]
    [InlineData("a reset")]
    [InlineData("a timeout")]
    [InlineData("the limit")]
    public async Task A_picture_that_arrived_whole_is_kept_though_its_answer_never_ends(string end)
    {
        var answer = Encoding.UTF8.GetBytes(Replies.Gemini(Png));
        var sent = answer.Length - 10; // in the middle of what follows the picture
        await using var server = await ScriptedServer.StartAsync(end switch
        {
            "a reset" => Wire.Truncated(answer, sent, () => Poll.UntilAsync(() => _pool.IsFilledTo(sent))),
            "a timeout" => Wire.Stalled(answer, sent),
            _ => Wire.Body([.. answer.AsSpan(0, sent), .. new byte[RestVertexTransport.MaxBody]], null),
        });

        var call = GenerateAsync(server);
        if (end == "a timeout")
        {
            await Poll.UntilAsync(() => _pool.IsFilledTo(sent));
            _time.Advance(TimeSpan.FromSeconds(120));
        }

        using (var image = await call)
        {
            Assert.Equal(Png, image.Bytes.ToArray());
        }

        Assert.Single(server.Requests);
        Assert.Equal(0, _pool.Out);
    }

    [Fact]
    public async Task A_stalled_attempt_ends_at_the_timeout()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Stall);

        var call = Assert.ThrowsAsync<FailureException>(() => GenerateAsync(server));
        await server.ArrivalAsync();
        _time.Advance(TimeSpan.FromSeconds(120));

        var failure = await call.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal((FailureKind.ModelUnavailable, true), (failure.Kind, failure.IsTransient));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_over_the_limit_is_no_image_and_is_not_asked_for_again()
    {
        await using var server = await ScriptedServer.StartAsync(Wire.Huge(RestVertexTransport.MaxBody + 1, isAnnounced: true));

        var failure = await Assert.ThrowsAsync<FailureException>(() => GenerateAsync(server));

        Assert.Equal((FailureKind.NoImageReturned, false), (failure.Kind, failure.IsTransient));
        Assert.Single(server.Requests);
    }

    private async Task<GeneratedImage> GenerateAsync(ScriptedServer server)
    {
        var options = new VertexOptions(server.Address, "p", "global", null, null, new CallTimeouts());
        var transport = new RestVertexTransport(_http, options, _time, _pool);
        using var model = new VertexImageModel(transport, options, ModelCatalog.BuiltIn, new RecordingObserver(), _time);
        return await model.GenerateAsync(Request, CancellationToken.None);
    }
}
