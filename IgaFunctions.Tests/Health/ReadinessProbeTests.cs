using Iga.Health;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Health;

/// <summary>Readiness costs little however often it is asked, and waits for nobody.</summary>
public sealed class ReadinessProbeTests
{
    [Fact]
    public async Task However_many_ask_PostgreSQL_is_asked_once_a_second()
    {
        await using var service = await OwnService.StartAsync();
        await service.ExecuteAsync(
            """
            create table probes (at timestamptz default clock_timestamp());
            create function note() returns trigger language plpgsql as $$ begin insert into probes default values; return new; end $$;
            create trigger note before update on iga_database for each row execute function note()
            """);
        var time = new FakeTimeProvider();
        var probe = service.Make<ReadinessProbe>(time);

        for (var second = 1; second <= 3; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(probe.AskAsync)));
            await probe.AskAsync();
            Assert.Equal(second, await service.ScalarAsync<long>("select count(*) from probes"));
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task A_check_that_hangs_is_given_up_and_not_begun_anew()
    {
        var (time, calls, answer) = (new FakeTimeProvider(), 0, new TaskCompletionSource<Readiness>());
        var silent = new Readiness("silent");
        var check = new BoundedCheck(
            _ =>
            {
                Interlocked.Increment(ref calls);
                return answer.Task;
            },
            silent,
            time);

        var first = check.AskAsync();
        await Eventually.Async(() => calls == 1);
        time.Advance(BoundedCheck.Limit);
        Assert.Same(silent, await first);
        Assert.Same(silent, await check.AskAsync());
        Assert.Equal(1, calls);

        answer.SetResult(Readiness.Ready);
        await Eventually.Async(async () => (await check.AskAsync()).IsReady);
        Assert.Equal(2, calls);
    }
}
