using System.Net;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// A failover that breaks no session: those of the time before are on a server that takes no writes any more, new ones reach the
/// one that does. Played by one server: its configuration makes all sessions read-only, and the database's own overrules that for
/// sessions that begin later.
/// </summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private readonly string _prompt = $"a lighthouse {Guid.NewGuid()}";
    private TestPostgres _server = null!;
    private NpgsqlDataSource _administrator = null!;
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestPostgres.StartAsync();
        _database = await _server.CreateDatabaseAsync();
        _administrator = NpgsqlDataSource.Create($"{_database};Application Name=administrator");
    }

    public async ValueTask DisposeAsync()
    {
        await _administrator.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task While_no_server_takes_writes_callers_are_told_and_afterwards_all_goes_on_without_a_new_process()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_POSTGRES_DB_URL"] = _database);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            service.Client.GenerateAsync(Caller.NewKey(), new { prompt = _prompt })));
        service.Vertex.Faults.Add("vertex.generateContent", "stall-for-3s", match: _prompt + " waits");
        var waits = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = _prompt + " waits" });
        await Eventually.Async(() => service.ModelCalls(_prompt + " waits") == 1);

        await DemoteAsync();
        await Eventually.Async(async () => await HealthAsync(service) == HttpStatusCode.ServiceUnavailable);
        using var refused = await service.Client.PostAsync(Caller.NewKey(), new { prompt = _prompt });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await PromoteAsync();

        await Eventually.Async(async () =>
        {
            using var accepted = await service.Client.PostAsync(Caller.NewKey(), new { prompt = _prompt });
            return accepted.StatusCode == HttpStatusCode.Accepted;
        });
        await Eventually.Async(async () => await HealthAsync(service) == HttpStatusCode.OK);
        Assert.Equal("SUCCESS", (await service.Client.WaitAsync(waits)).GetProperty("status").GetString());
        Assert.Equal(1, service.ModelCalls(_prompt + " waits"));
    }

    [Fact]
    public async Task A_service_that_nobody_calls_lets_go_of_its_old_sessions_by_itself()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_POSTGRES_DB_URL"] = _database);
        await service.Client.GenerateAsync(Caller.NewKey(), new { prompt = _prompt });

        await DemoteAsync();
        await ExecuteAsync("create table of_before as select pid, backend_start from pg_stat_activity "
            + "where datname = current_database() and application_name <> 'administrator'");
        Assert.NotEqual(0L, await CountOldSessionsAsync());
        await PromoteAsync();

        await Eventually.Async(async () => await CountOldSessionsAsync() == 0);
    }

    private Task<long> CountOldSessionsAsync() => _administrator.ScalarAsync<long>(
        "select count(*) from pg_stat_activity join of_before using (pid, backend_start)");

    private async Task DemoteAsync()
    {
        await ExecuteAsync("alter system set default_transaction_read_only = on");
        await ExecuteAsync("select pg_reload_conf()");
    }

    private Task PromoteAsync() => ExecuteAsync(
        $"alter database {new NpgsqlConnectionStringBuilder(_database).Database} set default_transaction_read_only = off");

    private static async Task<HttpStatusCode> HealthAsync(OwnService service)
    {
        using var answer = await service.Client.GetAsync("/health");
        return answer.StatusCode;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await _administrator.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("set default_transaction_read_only = off", connection);
        await command.ExecuteNonQueryAsync();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
