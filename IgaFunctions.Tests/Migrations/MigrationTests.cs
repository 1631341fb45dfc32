using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Tests.Fixtures;
using Iga.Tests.Keys;
using Npgsql;

namespace Iga.Tests.Migrations;

public sealed class MigrationTests
{
    [Fact]
    public async Task Each_migration_is_applied_once_and_in_order()
    {
        await using var dataSource = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());

        var first = await MigrationRunner.ApplyAsync(dataSource, default);
        var second = await MigrationRunner.ApplyAsync(dataSource, default);

        Assert.Equal(["001_idempotency_keys.sql", "002_durable_runtime.sql", "003_staged_image.sql", "004_database_identity.sql", "005_image_details.sql", "006_caller.sql", "007_spend.sql", "008_ended_at.sql", "009_cancel_and_attempts.sql", "010_callbacks.sql", "011_reserved_usd.sql"], first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Processes_that_start_at_once_apply_each_migration_once()
    {
        var connectionString = await TestCluster.CreateDatabaseAsync();
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await using var dataSource = NpgsqlDataSource.Create(connectionString);
            return await MigrationRunner.ApplyAsync(dataSource, default);
        }));

        Assert.Equal(11, applied.Sum(names => names.Count));
    }

    [Theory]
    [InlineData("idempotency_key, task_name")]
    [InlineData("idempotency_key")]
    public async Task The_shared_table_keeps_its_rows_and_columns_and_gains_ours(string primaryKey)
    {
        await using var dataSource = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());
        await dataSource.ExecuteAsync(SharedTable.WithPrimaryKey(primaryKey));

        await MigrationRunner.ApplyAsync(dataSource, default);

        Assert.Equal("generate_snippet_task", await dataSource.ScalarAsync<string>("select task_name from idempotency_keys"));
        Assert.Equal(
            string.Join(',', IdempotencyTable.OwnColumns),
            await dataSource.ScalarAsync<string>("""
                select string_agg(column_name, ',' order by ordinal_position) from information_schema.columns
                where table_name = 'idempotency_keys' and ordinal_position > 8 and is_nullable = 'YES'
                """));
        Assert.Equal(
            string.Join(',', IdempotencyTable.OwnTables.Order()),
            await dataSource.ScalarAsync<string>("""
                select string_agg(table_name, ',' order by table_name) from information_schema.tables
                where table_name like 'iga\_%' and table_name <> 'iga_migrations' and table_schema = 'public'
                """));
    }

    [Fact]
    public async Task A_migration_that_is_refused_says_which_and_why()
    {
        var connectionString = await TestCluster.CreateDatabaseAsync();
        await using var owner = NpgsqlDataSource.Create(connectionString);
        var role = $"reader_{Guid.NewGuid():N}";
        await owner.ExecuteAsync($"create role {role} login password 'x'");
        await using var reader = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = "x" }.ConnectionString);

        var exception =
            await Assert.ThrowsAsync<MigrationException>(() => MigrationRunner.ApplyAsync(reader, default));

        Assert.StartsWith("Migration 000 (the list of migrations) could not be applied: permission denied", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_with_a_primary_key_that_the_service_does_not_know_is_refused_with_what_is_expected()
    {
        await using var dataSource = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());
        await dataSource.ExecuteAsync(SharedTable.WithPrimaryKey("idempotency_key, task_name, status"));

        var exception = await Assert.ThrowsAsync<TableNotReadyException>(
            async () => await new IdempotencyTable(dataSource).GetShapeAsync(default));

        Assert.Contains("but it is (idempotency_key,status,task_name)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop table iga_database", "iga_database")]
    [InlineData("drop table iga_task_archive", "iga_task_archive")]
    [InlineData("alter table idempotency_keys drop column staged_image, drop column image_details, drop column caller", "idempotency_keys.staged_image, idempotency_keys.image_details, idempotency_keys.caller")]
    public async Task A_database_that_lacks_a_migration_is_refused_until_it_is_applied(string drop, string missing)
    {
        await using var dataSource = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());
        await MigrationRunner.ApplyAsync(dataSource, default);
        await dataSource.ExecuteAsync(drop);
        var table = new IdempotencyTable(dataSource);

        var exception = await Assert.ThrowsAsync<TableNotReadyException>(async () => await table.GetShapeAsync(default));

        Assert.Contains($"lacks {missing}, which the migrations make. Apply them", exception.Message, StringComparison.Ordinal);
        await dataSource.ExecuteAsync("drop table iga_migrations");
        await MigrationRunner.ApplyAsync(dataSource, default);
        Assert.Equal("", (await table.GetShapeAsync(default)).KeyPrefix);
    }
}
