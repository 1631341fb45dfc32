using Iga.LocalHost.Durable.Engine;
using Iga.LocalHost.Durable.Store;
using Npgsql;

namespace Iga.Tests.Durable;

/// <summary>Who may be taken for dead, and when.</summary>
public sealed class LeaseTests : IAsyncLifetime
{
    private readonly TestDatabase _database = new();
    private readonly Guid _self = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private NpgsqlDataSource _source = null!;

    private LeaseStore Leases => new(_source);

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        _source = NpgsqlDataSource.Create(_database.ConnectionString);
        InstanceRow row = new("theirs", Guid.NewGuid(), "Sum", null, null, DateTime.UtcNow, 0);
        Assert.True(await new InstanceStore(_source).InsertAsync(row, _other, default));
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    [Fact]
    public async Task A_worker_whose_lease_ran_out_is_taken_over_once()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: -1);

        Assert.Equal(1, await Leases.TakeOverAsync(_self, TimeSpan.Zero, default));
        Assert.Equal(0, await Leases.TakeOverAsync(_self, TimeSpan.Zero, default));
        Assert.Equal(1L, await TestDatabase.ReadAsync<long>(_database.ConnectionString, "select count(*) from iga_runtime.workers"));
        Assert.Equal("theirs", Assert.Single(await Leases.ClaimAsync(_self, ["sum"], 10, default)).InstanceId);
    }

    [Fact]
    public async Task A_worker_whose_lease_runs_is_left_alone()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: 10);
        Assert.Equal(0, await Leases.TakeOverAsync(_self, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_worker_whose_own_lease_ran_out_takes_nobody_over()
    {
        await WorkersAsync(selfExpiresIn: -1, otherExpiresIn: -1);
        Assert.Equal(0, await Leases.TakeOverAsync(_self, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Nobody_is_taken_over_so_soon_after_the_databases_start()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: -1);
        Assert.Equal(0, await Leases.TakeOverAsync(_self, TimeSpan.FromDays(1), default));
    }

    [Fact]
    public async Task What_is_leased_to_a_worker_that_is_gone_is_freed()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: 10);
        await TestDatabase.ExecuteAsync(_database.ConnectionString, $"delete from iga_runtime.workers where worker_id = '{_other}'");
        Assert.Equal(1, await Leases.TakeOverAsync(_self, TimeSpan.FromDays(1), default));
    }

    [Fact]
    public async Task A_look_tells_of_nothing_while_all_owners_are_alive()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: 10);
        Assert.Equal((false, false), await Leases.LookAsync(["sum"], default));
    }

    [Fact]
    public async Task A_look_tells_of_a_worker_whose_lease_ran_out_and_of_an_owner_that_is_gone()
    {
        Assert.Equal((true, false), await Leases.LookAsync(["sum"], default));
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: -1);
        Assert.Equal((true, false), await Leases.LookAsync(["sum"], default));
    }

    [Fact]
    public async Task A_look_tells_of_work_that_waits_to_those_who_know_it_until_it_is_claimed()
    {
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: 10);
        await Leases.HandBackAsync(_other, default);
        Assert.Equal((false, true), await Leases.LookAsync(["sum"], default));
        Assert.Equal((false, false), await Leases.LookAsync(["else"], default));
        Assert.Single(await Leases.ClaimAsync(_self, ["sum"], 10, default));
        Assert.Equal((false, false), await Leases.LookAsync(["sum"], default));
    }

    [Fact]
    public async Task Only_orchestrators_that_a_worker_knows_are_claimed_and_only_by_workers_that_exist()
    {
        await Leases.HandBackAsync(_other, default);
        Assert.Empty(await Leases.ClaimAsync(_self, ["sum"], 10, default));
        await WorkersAsync(selfExpiresIn: 10, otherExpiresIn: 10);
        Assert.Empty(await Leases.ClaimAsync(_self, ["else"], 10, default));
        Assert.Single(await Leases.ClaimAsync(_self, ["sum"], 10, default));
    }

    private Task WorkersAsync(int selfExpiresIn, int otherExpiresIn) => TestDatabase.ExecuteAsync(_database.ConnectionString, $"""
        insert into iga_runtime.workers values
            ('{_self}', now() + interval '{selfExpiresIn} s'), ('{_other}', now() + interval '{otherExpiresIn} s')
        """);
}
