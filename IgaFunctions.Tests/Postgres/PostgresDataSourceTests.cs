using Iga.Postgres;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Postgres;

public sealed class PostgresDataSourceTests
{
    [Fact]
    public async Task A_session_of_ones_own_is_set_up_for_prepared_statements_and_one_behind_a_pooler_is_left_alone()
    {
        var database = await TestCluster.CreateDatabaseAsync();

        Assert.Equal("off", await AskAsync(database, "show enable_seqscan"));
        Assert.Equal("on", await AskAsync(Pooler.NoPreparing(database), "show enable_seqscan"));
        Assert.Equal(database, await Pooler.DetectAsync(database, CancellationToken.None));
    }

    [Fact]
    public async Task Of_several_hosts_one_that_is_away_is_passed_by()
    {
        var settings = new NpgsqlConnectionStringBuilder(await TestCluster.CreateDatabaseAsync());
        settings.Host = $"127.0.0.1:1,{settings.Host}:{settings.Port}";
        settings.TargetSessionAttributes = "read-write";

        Assert.Equal(settings.Database, await AskAsync(settings.ConnectionString, "select current_database()"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_several_hosts_none_of_which_can_be_had_is_a_fault_that_passes(bool isOneReadOnly)
    {
        var settings = new NpgsqlConnectionStringBuilder(await TestCluster.CreateDatabaseAsync());
        await AskAsync(settings.ConnectionString, $"alter database \"{settings.Database}\" set default_transaction_read_only = on");
        settings.Host = isOneReadOnly ? $"127.0.0.1:1,{settings.Host}:{settings.Port}" : "127.0.0.1:1,127.0.0.1:2";
        settings.TargetSessionAttributes = "read-write";

        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync(settings.ConnectionString, "select 1"));

        Assert.True(fault.IsPassing());
    }

    [Theory]
    [InlineData("Channel Binding=Require")]
    [InlineData("Channel Binding=Require;Require Auth=ScramSHA256")]
    public async Task A_server_without_TLS_is_not_given_the_password_where_a_channel_binding_is_required(string required)
    {
        var database = await TestCluster.CreateDatabaseAsync();

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => AskAsync($"{database};{required}", "select 1"));
    }

    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var database = PostgresDataSource.Create(connectionString);
        return await database.ScalarAsync<object>(sql);
    }
}
