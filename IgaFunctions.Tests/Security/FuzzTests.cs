using System.Collections.Concurrent;
using System.Text.Json;
using CsCheck;
using Iga.Tests.EndToEnd;

namespace Iga.Tests.Security;

/// <summary>
/// Whatever is thrown at the routes is answered with a documented error, tells nothing of the service's inside, and leaves no
/// row. A failure shows the request and the seed; CsCheck_Seed repeats it.
/// </summary>
public sealed class FuzzTests
{
    private const int Requests = 3200;

    /// <summary>What Kestrel answers by itself, without a body, to what is not HTTP.</summary>
    private static readonly int[] BareStatuses = [400, 405, 408, 411, 413, 414, 417, 431, 501, 505];

    [Fact]
    public async Task Three_thousand_malformed_requests_end_in_documented_errors_and_leave_no_row()
    {
        await using var service = await OwnService.StartAsync();
        var leaks = new Leaks(service);
        var accepted = new ConcurrentDictionary<Guid, bool>();
        var unanswered = new ConcurrentQueue<string>();
        var statuses = new ConcurrentDictionary<int, int>();

        await RequestFuzz.Requests.SampleAsync(
            async request =>
            {
                var answer = await RawExchange.SendAsync(service.Host.Address, request.Bytes, endsSending: !request.IsWhole);
                statuses.AddOrUpdate(answer?.Status ?? 0, 1, (_, count) => count + 1);
                if (answer is null)
                {
                    unanswered.Enqueue(request.Key);
                }

                if (Judge(request, answer, leaks) is { } taskId)
                {
                    accepted[taskId] = true;
                }
            },
            iter: Requests, threads: 8, print: request => request.ToString());

        // A caller that hangs up after a request that is right has been accepted all the same.
        Assert.Equal(0, await service.ScalarAsync<long>(
            """
            select count(*) from idempotency_keys
            where task_id is null or task_id <> all($1) and idempotency_key <> all($2)
            """,
            accepted.Keys.ToArray(), unanswered.ToArray()));
        Assert.Equal(accepted.Count, await service.ScalarAsync<long>(
            "select count(*) from idempotency_keys where task_id = any($1)", accepted.Keys.ToArray()));

        // Else the requests were not what they are meant to be.
        Assert.All((int[])[202, 400, 404, 405, 413], status => Assert.True(statuses.ContainsKey(status), $"never {status}"));
        Assert.InRange(accepted.Count, 1, Requests / 4);
    }

    /// <returns>The task id when the request was accepted.</returns>
    private static Guid? Judge(FuzzedRequest request, RawAnswer? answer, Leaks leaks)
    {
        if (answer is null)
        {
            Assert.False(request.IsWhole, "no answer");
            return null;
        }

        // The page is a file that is the same for everybody: it holds nothing of a request or of the service.
        if (answer.Body.StartsWith("<!doctype html>", StringComparison.Ordinal))
        {
            Assert.Equal(200, answer.Status);
            Assert.Contains("Content-Security-Policy: default-src 'none';", answer.Head, StringComparison.Ordinal);
            return null;
        }

        leaks.AssertNoneIn(answer.Head);
        var isList = answer.Status == 200 && answer.Body.StartsWith("{\"tasks\":", StringComparison.Ordinal);
        if (!isList)
        {
            leaks.AssertNoneIn(answer.Body); // a list repeats what callers wrote
        }

        if (answer.Body.Length == 0)
        {
            var isHead = request.Bytes.AsSpan().StartsWith("HEAD "u8);
            Assert.True(isHead || (BareStatuses.Contains(answer.Status) && !request.IsWellFramed), $"{answer.Status} without a body");
            return null;
        }

        // Nothing that the service depends on is away: not even a documented 5xx has a reason.
        Assert.True(answer.Status < 500, $"{answer.Status}: {answer.Body}");
        if (answer.Status == 200 && answer.Head.Contains("Content-Type: text/plain", StringComparison.OrdinalIgnoreCase))
        {
            Assert.Contains("# TYPE ", answer.Body, StringComparison.Ordinal);
            return null;
        }

        Assert.Contains("Content-Type: application/json", answer.Head, StringComparison.OrdinalIgnoreCase);
        using var body = JsonDocument.Parse(answer.Body);
        if (answer.Status == 200)
        {
            Assert.True(
                isList || body.RootElement.TryGetProperty("total", out _) || body.RootElement.TryGetProperty("accepted_today", out _)
                    || (body.RootElement.TryGetProperty("status", out var status) && status.GetString() == "ok"),
                answer.Body);
            return null;
        }

        if (answer.Status == 202)
        {
            return body.RootElement.GetProperty("task_id").GetGuid();
        }

        Assert.Equal(["error_code", "message"], body.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.StartsWith("IGA_", body.RootElement.GetProperty("error_code").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(body.RootElement.GetProperty("message").GetString()!);
        return null;
    }
}
