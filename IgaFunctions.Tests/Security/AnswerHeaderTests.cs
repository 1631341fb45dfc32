using System.Text;
using System.Text.RegularExpressions;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Security;

/// <summary>
/// Every answer, whatever it is, says that it is what its type says and that nothing between may keep it; the page, which is the same for
/// everybody, may be kept and has to be asked for again.
/// </summary>
public sealed partial class AnswerHeaderTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private static readonly string[] Routes =
        [
            "/generate_image", "/v1/tasks/018f0000-0000-7000-8000-000000000000", "/v1/tasks/x", "/v1/tasks/events?nope=1", "/v1/models",
            "/health", "/healthz", "/readyz", "/metrics", "/", "/nothing/here",
        ];

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "ODD"];

    private static readonly string[] Odd =
    [
        "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: h\r\nContent-Length: 1\r\n\r\n{",
        "GET /health HTTP/1.1\r\nHost: rebound.example\r\n\r\n",
        "GET /health HTTP/1.1\r\n\r\n",
        "no http at all\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: localhost\r\nBroken header\r\n\r\n",
        $"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Huge: {new string('h', 40 * 1024)}\r\n\r\n",
        "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: h\r\nContent-Length: 262145\r\n\r\n",
        "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: h\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n",
        "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: h\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n",
        "POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ];

    [Fact]
    public async Task Every_answer_of_every_route_is_marked()
    {
        var service = fixture.Service;
        var id = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = "marked" });
        await service.Client.WaitAsync(id);
        const string accepted = """{"prompt": "marked again"}""";
        var requests = Routes.Append($"/v1/tasks/{id}")
            .SelectMany(route => Methods.Select(method => $"{method} {route} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"))
            .Concat(Odd)
            .Append($"POST /generate_image HTTP/1.1\r\nHost: localhost\r\nX-Idempotency-Key: {Guid.NewGuid()}\r\n"
                + $"Content-Length: {accepted.Length}\r\n\r\n{accepted}");
        HashSet<int> seen = [];
        foreach (var request in requests)
        {
            var answer = await RawExchange.SendAsync(service.Client.BaseAddress!, Encoding.ASCII.GetBytes(request));
            Assert.NotNull(answer);
            seen.Add(answer.Status);

            // What is no HTTP the server answers by itself, with a status and nothing else.
            if (answer.Status is not (400 or 431) || answer.Body.Length > 0)
            {
                AssertMarked(answer, request);
            }
        }

        Assert.Superset(new HashSet<int> { 200, 202, 400, 403, 404, 405, 413, 415, 421, 431 }, seen);
    }

    [Fact]
    public async Task An_outage_is_marked_too()
    {
        await using var service = await OwnService.StartAsync();
        service.Gate.Refuse();
        var answer = await RawExchange.SendAsync(
            service.Client.BaseAddress!, Encoding.ASCII.GetBytes("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Equal(503, answer?.Status);
        AssertMarked(answer!, "health in an outage");
    }

    private static void AssertMarked(RawAnswer answer, string request)
    {
        Assert.True(
            answer.Head.Contains("\r\nX-Content-Type-Options: nosniff", StringComparison.Ordinal)
            && answer.Head.Contains(
                answer.Status == 200 && PageRequest().IsMatch(request) ? "\r\nCache-Control: no-cache" : "\r\nCache-Control: no-store",
                StringComparison.Ordinal),
            $"{request[..Math.Min(request.Length, 120)]}\n{answer.Head}");
    }

    [GeneratedRegex("^(GET|HEAD) / ")]
    private static partial Regex PageRequest();
}
