using Npgsql;

namespace Iga.Tests.Runtime;

/// <summary>Statements that share commits are as good as alone.</summary>
public sealed class SharedCommitsTests : IAsyncLifetime
{
    private const int Statements = 300;

    private readonly TestDatabase database = new();
    private NpgsqlDataSource source = null!;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        source = NpgsqlDataSource.Create(database.ConnectionString);
        await TestDatabase.ExecuteAsync(
            database.ConnectionString,
            """
            create table numbers (n integer primary key, transaction bigint default txid_current());
            create table late (n integer unique deferrable initially deferred);
            """);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    [Fact]
    public async Task Statements_that_come_together_get_their_own_results_in_fewer_commits()
    {
        SharedCommits commits = new(source);
        var results = await Task.WhenAll(Enumerable.Range(0, Statements).Select(n => commits.ExecuteScalarAsync(Insert(n))));

        Assert.Equal(Enumerable.Range(0, Statements), results.Select(result => (int)result!));
        Assert.Equal(Statements, await ReadAsync("select count(*) from numbers"));
        Assert.InRange(await ReadAsync("select count(distinct transaction) from numbers"), 1, Statements / 4);
    }

    [Fact]
    public async Task A_statement_that_is_refused_leaves_the_others_of_its_group_committed()
    {
        SharedCommits commits = new(source);
        var results = Enumerable.Range(0, Statements).Select(n => commits.ExecuteScalarAsync(Insert(n % 10 == 9 ? 0 : n))).ToArray();

        foreach (var (result, n) in results.Select((result, n) => (result, n)))
        {
            if (n % 10 == 9)
            {
                Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => result)).SqlState);
            }
            else
            {
                Assert.Equal(n, await result);
            }
        }

        Assert.Equal(Statements * 9 / 10, await ReadAsync("select count(*) from numbers"));
    }

    [Fact]
    public async Task What_fails_only_at_the_commit_is_told_to_have_failed()
    {
        SharedCommits commits = new(source);
        NpgsqlBatchCommand Late() => new("insert into late values (1) returning n");
        Assert.Equal(1, await commits.ExecuteScalarAsync(Late()));

        foreach (var result in Enumerable.Range(0, 20).Select(_ => commits.ExecuteScalarAsync(Late())).ToArray())
        {
            await Assert.ThrowsAsync<PostgresException>(() => result);
        }

        Assert.Equal(1, await ReadAsync("select count(*) from late"));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_told_to_all_and_the_next_statement_gets_another()
    {
        SharedCommits commits = new(source);
        var broken = Enumerable.Range(0, 20)
            .Select(_ => commits.ExecuteScalarAsync(new NpgsqlBatchCommand("select pg_terminate_backend(pg_backend_pid())")))
            .ToArray();
        foreach (var result in broken)
        {
            Assert.True((await Record.ExceptionAsync(() => result))!.IsDatabaseFault());
        }

        Assert.Equal(7, await commits.ExecuteScalarAsync(Insert(7)));
    }

    private static NpgsqlBatchCommand Insert(int n) =>
        new NpgsqlBatchCommand("insert into numbers (n) values (@n) returning n").With("n", n);

    private Task<long> ReadAsync(string sql) => TestDatabase.ReadAsync<long>(database.ConnectionString, sql);
}
