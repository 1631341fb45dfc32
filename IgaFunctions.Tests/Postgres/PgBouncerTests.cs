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
        foreach (var _ in Enumerable.Range(0, 20))
        {
            Assert.Equal(before, await ReadSettingsAsync(other));
        }

        Assert.Equal(0L, await ScalarAsync<long>(other, "select count(*) from pg_prepared_statements"));
        Assert.Equal(0L, await ScalarAsync<long>(other, "select count(*) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"));
    }

    private static async Task<string> ReadSettingsAsync(NpgsqlDataSource database) => await ScalarAsync<string>(
        database,
        $"select string_agg(name || '=' || setting, ' ' order by name) from pg_settings where name in ({string.Join(", ", Settings.Select(name => $"'{name}'"))})");

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
