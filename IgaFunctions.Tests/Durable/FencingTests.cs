using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Npgsql;

namespace Iga.Tests.Durable;

/// <summary>Which writes the database accepts.</summary>
public sealed class FencingTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncDisposable
{
    private static readonly DateTime Now = new(2026, 11, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly Guid _owner = Guid.NewGuid();
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(database.ConnectionString);

    private InstanceStore Store => new(_source);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task A_step_whose_answer_was_lost_can_be_written_again()
    {
        var step = Step(await InsertAsync(), 1);
        Assert.True(await Store.WriteAsync(step, default));
        Assert.True(await Store.WriteAsync(step, default));
        Assert.True(await Store.WriteAsync(step with { Seq = 2, Event = step.Event! with { Seq = 2 } }, default));

        var history = (await Store.ReadHistoryAsync([step.Row], default))[step.Row.ExecutionId];
        Assert.Equal([1, 2], history.Select(e => e.Seq));
        Assert.Equal(step.Event, history.First());
    }

    [Fact]
    public async Task A_step_out_of_order_is_refused()
    {
        var row = await InsertAsync();
        Assert.False(await Store.WriteAsync(Step(row, 2), default));
        Assert.True(await Store.WriteAsync(Step(row, 1), default));
        Assert.True(await Store.WriteAsync(Step(row, 2), default));
        Assert.False(await Store.WriteAsync(Step(row, 1), default));
        Assert.False(await Store.WriteAsync(Step(row, 1) with { Event = null }, default));
    }

    [Fact]
    public async Task Another_owner_is_refused()
    {
        var row = await InsertAsync();
        Assert.False(await Store.WriteAsync(Step(row, 1) with { Owner = Guid.NewGuid() }, default));
        Assert.Empty((await Store.ReadHistoryAsync([row], default))[row.ExecutionId]);
    }

    [Fact]
    public async Task Nothing_is_written_after_the_end()
    {
        var row = await InsertAsync();
        Assert.True(await Store.WriteAsync(Step(row, 1) with { Outcome = new("1", null) }, default));
        Assert.False(await Store.WriteAsync(Step(row, 2), default));
    }

    [Fact]
    public async Task A_run_that_was_purged_cannot_write_into_its_successor_though_it_has_the_same_owner()
    {
        var row = await InsertAsync();
        InstanceQueries queries = new(_source);
        await queries.TerminateAsync(row.InstanceId, null, default);
        await queries.PurgeAsync(row.InstanceId, default);
        var successor = row with { ExecutionId = Guid.NewGuid() };
        Assert.True(await Store.InsertAsync(successor, _owner, default));

        Assert.False(await Store.WriteAsync(Step(row, 1), default));
        Assert.True(await Store.WriteAsync(Step(successor, 1), default));
    }

    [Fact]
    public async Task Nothing_is_written_after_the_lease_was_handed_back()
    {
        var row = await InsertAsync();
        await new LeaseStore(_source).HandBackAsync(_owner, default);
        Assert.False(await Store.WriteAsync(Step(row, 1), default));
    }

    private Step Step(InstanceRow row, int seq) => new(
        row, _owner, seq, new(seq, seq - 1, HistoryEventKind.Completed, "Echo", "1", Now), null, null);

    private async Task<InstanceRow> InsertAsync()
    {
        InstanceRow row = new(Guid.NewGuid().ToString(), Guid.NewGuid(), "Sum", null, null, Now, 0);
        Assert.True(await Store.InsertAsync(row, _owner, default));
        return row;
    }
}
