using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Iga.Tests.Faults;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Pressure;

/// <summary>A service that has enough to do says so before it falls over.</summary>
public sealed class SaturationTests : IAsyncLifetime
{
    private const int Limit = 40;

    private Lab _lab = null!;

    public async ValueTask InitializeAsync() => _lab = await Lab.StartAsync(
        new() { ["IGA_MODEL_TIMEOUT_SECONDS"] = "60", ["IGA_MAX_PENDING"] = $"{Limit}" },
        // Most of what waits is in the table, not in memory.
        options => options with { MaxInstancesInMemory = 10, PollInterval = TimeSpan.FromMilliseconds(100) });

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task A_full_house_answers_429_keeps_what_it_accepted_and_accepts_again_when_it_has_drained()
    {
        var door = new TaskCompletionSource();
        _lab.Door = door.Task;
        var accepted = new ConcurrentBag<(string Key, string Prompt, Guid Task)>();
        var refused = new ConcurrentBag<(string Key, string Prompt)>();
        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, _) =>
        {
            var (key, prompt) = (Caller.NewKey(), $"flood {n} {Guid.NewGuid()}");
            using var response = await _lab.Client.PostAsync(key, new { prompt });
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                accepted.Add((key, prompt, body.GetProperty("task_id").GetGuid()));
                return;
            }

            Assert.Equal((HttpStatusCode.TooManyRequests, "IGA_TOO_MANY_TASKS"), (response.StatusCode, body.GetProperty("error_code").GetString()));
            Assert.NotNull(response.Headers.RetryAfter);
            refused.Add((key, prompt));
        });

        // What comes at the same moment may keep each other out; none slips past the limit.
        Assert.InRange(accepted.Count, Limit / 2, Limit);
        Assert.Equal(accepted.Count, await _lab.CountAsync("select count(*) from idempotency_keys"));
        Assert.Equal(HttpStatusCode.Accepted, (await _lab.Client.PollAsync(accepted.First().Task)).Status);
        Assert.Equal(accepted.First().Task, await _lab.SubmitAsync(accepted.First().Key, new { prompt = accepted.First().Prompt }));
        using (var reused = await _lab.Client.PostAsync(accepted.First().Key, new { prompt = "another one" }))
        {
            Assert.Equal(HttpStatusCode.UnprocessableEntity, reused.StatusCode);
        }

        var other = Lab.NewClient(await _lab.StartServiceAsync());
        using (var refusedThere = await other.PostAsync(Caller.NewKey(), new { prompt = "at another process" }))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refusedThere.StatusCode);
        }

        door.SetResult();
        foreach (var task in accepted)
        {
            Assert.Equal("SUCCESS", (await _lab.Client.WaitAsync(task.Task)).GetProperty("status").GetString());
        }

        foreach (var (key, prompt) in refused.Take(3))
        {
            Assert.Equal(0, _lab.MadeFor(prompt));
            Assert.Equal("SUCCESS", (await _lab.GenerateAsync(key, new { prompt })).GetProperty("status").GetString());
        }

        await _lab.AssertNothingIsLeftAsync();
    }

    [Fact]
    public async Task A_pool_whose_connections_are_all_stuck_answers_503_and_leaves_no_claim()
    {
        await using var connection = await _lab.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("lock table idempotency_keys in access exclusive mode", connection, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        // More than the pool has connections.
        var keys = Enumerable.Range(0, 48).Select(_ => Caller.NewKey()).ToArray();
        await Task.WhenAll(keys.Select(async key =>
        {
            using var response = await _lab.Client.PostAsync(key, new { prompt = "stuck" });
            var body = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, "IGA_IDEMPOTENCY_STORE_UNAVAILABLE"),
                (response.StatusCode, body.GetProperty("error_code").GetString()));
            Assert.NotNull(response.Headers.RetryAfter);
        }));

        // What was sent before its callers were told is withdrawn.
        await Eventually.Async(async () => await _lab.CountAsync(
            "select count(*) from pg_locks where not granted and relation = 'idempotency_keys'::regclass") == 0);
        await transaction.RollbackAsync();

        var ended = await Task.WhenAll(keys.Take(Limit / 2).Select(key => _lab.GenerateAsync(key, new { prompt = "stuck" })));
        Assert.All(ended, body => Assert.Equal("SUCCESS", body.GetProperty("status").GetString()));
        await _lab.AssertNothingIsLeftAsync();
    }
}
