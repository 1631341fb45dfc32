using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Faults;
using Iga.Keys;
using Iga.LocalHost.CommandLine;
using Iga.LocalHost.Durable.Store;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Keys;

/// <summary>What callers wrote can be erased from all tables once their tasks have ended, and callers read the rest as before.</summary>
public sealed class ErasureTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private const string Secret = "a secret lighthouse";

    private OwnService Service => fixture.Service;

    [Fact]
    public async Task Prompts_and_errors_of_ended_tasks_are_erased_everywhere_and_nothing_else_is()
    {
        (string Key, object Body) made = (Caller.NewKey(), new { prompt = $"{Secret}, made" });
        (string Key, object Body) failed = (Caller.NewKey(), new { prompt = $"{Secret}, failed" });
        (string Key, object Body) waiting = (Caller.NewKey(), new { prompt = $"{Secret}, waiting" });
        Service.Vertex.Faults.Add("*", new Fault.ReturnStatus(400) { Message = $"{Secret} is refused" }, match: "failed");
        Service.Gcs.Faults.Add("storage.objects.insert", "return-503", count: 100, match: Fixtures.Service.ObjectStemOf(waiting.Key));
        var madeId = await Service.Client.SubmitAsync(made.Key, made.Body);
        var failedId = await Service.Client.SubmitAsync(failed.Key, failed.Body);
        var before = await Service.Client.WaitAsync(madeId);
        await Service.Client.WaitAsync(failedId);
        var waitingId = await Service.Client.SubmitAsync(waiting.Key, waiting.Body);
        await Service.Client.WaitAsync(waitingId, "RETRY");
        await Service.ExecuteAsync(
            "insert into idempotency_keys (idempotency_key, task_name, status, created_at, error_payload) "
            + "values ($1, 'another_service', 'failed', now() - interval '1 day', jsonb_build_object('message', 'theirs'))", made.Key);
        var theirs = await RowsOfOthersAsync();
        // Of a task that has ended the runtime keeps no prompt at all; the row has the one copy.
        Assert.Equal(0, await Service.ScalarAsync<long>(
            "select count(*) from iga_runtime.instances i where ended_at is not null and (input is not null or i::text like '%, made%')"));
        Assert.Equal(0, await Service.ScalarAsync<long>("select count(*) from iga_runtime.history h where h::text like '%, made%'"));

        Assert.Equal((0, 0), await EraseAsync(DateTimeOffset.UtcNow.AddHours(-1))); // nothing is as old as that
        Assert.Equal((2, 2), await EraseAsync(DateTimeOffset.UtcNow.AddMinutes(1)));
        Assert.Equal((0, 0), await EraseAsync(DateTimeOffset.UtcNow.AddMinutes(1)));

        foreach (var table in await TablesAsync())
        {
            var left = await Service.ScalarAsync<long>(
                $"select count(*) from {table} t where t::text like '%{Secret}%' and t::text not like '%waiting%'");
            Assert.True(left == 0, table);
        }

        Assert.Equal(theirs, await RowsOfOthersAsync());
        await AssertReadAsBeforeAsync(made, madeId, failed, failedId, before);

        Service.Gcs.Faults.Clear();
        var end = await Service.Client.WaitAsync(waitingId);
        Assert.Equal($"{Secret}, waiting", end.GetProperty("result").GetProperty("prompt_used").GetString());
    }

    [Theory]
    [InlineData("30d", "2026-10-30T12:00:00+00:00")]
    [InlineData("12h", "2026-11-29T00:00:00+00:00")]
    [InlineData("0d", "2026-11-29T12:00:00+00:00")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00+00:00")]
    [InlineData("2026-11-01T12:30Z", "2026-11-01T12:30:00+00:00")]
    [InlineData("2026-11-01T12:30:10", "2026-11-01T12:30:10+00:00")]
    [InlineData("2026-11-01T12:30:10+02:00", "2026-11-01T10:30:10+00:00")]
    [InlineData("", null)]
    [InlineData("d", null)]
    [InlineData("-1d", null)]
    [InlineData("1.5d", null)]
    [InlineData("99999999d", null)]
    [InlineData("30", null)]
    [InlineData("1/2/2026", null)]
    [InlineData("2026-13-01", null)]
    public void A_time_is_a_date_or_how_long_ago(string value, string? expected)
    {
        var time = PointInTime.Parse(value, new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(expected, time?.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture));
    }

    private async Task AssertReadAsBeforeAsync(
        (string Key, object Body) made, Guid madeId, (string Key, object Body) failed, Guid failedId, JsonElement before)
    {
        (_, var image) = await Service.Client.PollAsync(madeId);
        Assert.Equal("SUCCESS", image.GetProperty("status").GetString());
        Assert.Equal(TaskErasure.Erased, image.GetProperty("result").GetProperty("prompt_used").GetString());
        foreach (var field in new[] { "image_url", "model_version" })
        {
            Assert.Equal(
                before.GetProperty("result").GetProperty(field).GetString(), image.GetProperty("result").GetProperty(field).GetString());
        }

        (_, var failure) = await Service.Client.PollAsync(failedId);
        Assert.Equal("FAILURE", failure.GetProperty("status").GetString());
        var error = failure.GetProperty("result").GetProperty("error");
        Assert.Equal("model_rejected_request", error.GetProperty("type").GetString());
        Assert.Equal(TaskErasure.Erased, error.GetProperty("message").GetString());

        using var replay = await Service.Client.PostAsync(made.Key, made.Body);
        Assert.Equal((202, true), ((int)replay.StatusCode, replay.Headers.Contains("Idempotent-Replayed")));
        Assert.Equal(madeId, (await replay.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("task_id").GetGuid());
        using var other = await Service.Client.PostAsync(made.Key, failed.Body);
        Assert.Equal(422, (int)other.StatusCode);

        // A failed one is tried again, and its earlier task stays readable.
        var again = await Service.Client.GenerateAsync(failed.Key, failed.Body);
        Assert.Equal($"{Secret}, failed", again.GetProperty("result").GetProperty("prompt_used").GetString());
        Assert.Equal("FAILURE", (await Service.Client.PollAsync(failedId)).Body.GetProperty("status").GetString());
    }

    private async Task<(int Tasks, int Instances)> EraseAsync(DateTimeOffset before)
    {
        var database = Service.Get<NpgsqlDataSource>();
        return (
            await new TaskErasure(database, Service.Get<IdempotencyOptions>()).EraseAsync(before, CancellationToken.None),
            await new InstanceErasure(database).EraseAsync(before, CancellationToken.None));
    }

    private async Task<string> RowsOfOthersAsync() => (await Service.ScalarAsync<string>(
        "select string_agg(k::text, ';') from idempotency_keys k where task_name = 'another_service'"))!;

    private async Task<string[]> TablesAsync() => (await Service.ScalarAsync<string[]>(
        "select array_agg(format('%I.%I', schemaname, tablename)) from pg_tables where schemaname in ('public', 'iga_runtime')"))!;
}
