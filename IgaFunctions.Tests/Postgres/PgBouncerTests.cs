using Iga.Postgres;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>The service behind a pooler that lends a session of the server for one transaction at a time.</summary>
public sealed class PgBouncerTests
{
    private const int Tasks = 40;

    private static readonly string[] Settings = ["enable_seqscan", "plan_cache_mode", "jit", "statement_timeout", "search_path"];

    [Theory]
    [InlineData(null)]
    [InlineData("transaction")]
    public async Task Tasks_succeed_and_the_poolers_other_clients_find_the_sessions_as_they_were(string? setting)
    {
        PgBouncer.SkipWithout();
        var database = await TestCluster.CreateDatabaseAsync();
        await using var pooler = await PgBouncer.StartAsync(database);
        await using var other = NpgsqlDataSource.Create($"{pooler.ConnectionString};Max Auto Prepare=0;No Reset On Close=true");
        var before = await ReadSettingsAsync(other);

        await using var service = await OwnService.StartAsync(settings =>
        {
            settings["IGA_POSTGRES_DB_URL"] = pooler.ConnectionString;
            settings["IGA_POSTGRES_POOLER"] = setting;
        });
        var ended = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(_ =>
            service.Client.GenerateAsync(Caller.NewKey(), new { prompt = "a lighthouse" })));

        Assert.All(ended, task => Assert.True(task.GetProperty("status").GetString() == "SUCCESS", task.ToString()));
        Assert.Equal(Tasks, service.Vertex.Log.Count);
        for (var look = 0; look < 20; look++)
        {
            Assert.Equal(before, await ReadSettingsAsync(other));
        }

        Assert.Equal(0L, await other.ScalarAsync<long>("select count(*) from pg_prepared_statements"));
        Assert.Equal(0L, await other.ScalarAsync<long>("""
            select count(*) from pg_locks
            where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
            """));
    }

    [Fact]
    public async Task Even_one_that_was_not_found_at_the_start_keeps_its_sessions_as_they_were()
    {
        PgBouncer.SkipWithout();
        await using var pooler = await PgBouncer.StartAsync(await TestCluster.CreateDatabaseAsync());
        await using var database = PostgresDataSource.Create(pooler.ConnectionString);

        Assert.Equal("on auto", await database.ScalarAsync<string>(
            "select current_setting('enable_seqscan') || ' ' || current_setting('plan_cache_mode')"));
    }

    private static async Task<string?> ReadSettingsAsync(NpgsqlDataSource database) => await database.ScalarAsync<string>(
        $"select concat_ws(' ', {string.Join(", ", Settings.Select(name => $"current_setting('{name}')"))})");
}
