using System.Collections.Concurrent;
using Iga.Postgres;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>What many callers want at the same time is asked for once.</summary>
/// <param name="isLatencyBound">In either mode the same holds.</param>
public abstract class BatcherTests(bool isLatencyBound) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string[]> _batches = [];
    private readonly ConcurrentQueue<string> _withdrawn = [];
    private readonly SemaphoreSlim _gate = new(0);
    private Batcher<string, string> _batcher = null!;

    protected NpgsqlDataSource Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = NpgsqlDataSource.Create(await TestCluster.CreateDatabaseAsync());
        _batcher = new(Database, AnswerAsync, item => item.Split('/')[0], isLatencyBound);
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _gate.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_caller_gets_the_answer_to_its_own_question()
    {
        _gate.Release(1_000);
        var items = Enumerable.Range(0, 500).Select(number => $"{number}").ToArray();

        var answers = await Task.WhenAll(items.Select(item => _batcher.RunAsync(item, default)));

        Assert.Equal(items.Select(item => item + "!"), answers);
        Assert.Equal(items.Order(), _batches.SelectMany(batch => batch).Order());
    }

    [Fact]
    public async Task What_comes_while_batches_are_under_way_shares_the_next_one()
    {
        var first = await BlockAllAsync();
        var later = Enumerable.Range(0, 100).Select(number => _batcher.RunAsync($"{number}", default)).ToArray();

        _gate.Release(1_000);
        await Task.WhenAll(first.Concat(later));

        Assert.Equal(100, Assert.Single(_batches, batch => batch.Length > 1).Length);
    }

    [Fact]
    public async Task What_comes_long_after_a_batch_got_stuck_does_not_wait_for_it()
    {
        var stuck = _batcher.RunAsync("stuck", default);
        await Eventually.Async(() => _batches.Count == 1);
        await Task.Delay(TimeSpan.FromMilliseconds(200)); // far longer than a batch usually takes

        var later = _batcher.RunAsync("later", default);
        await Eventually.Async(() => _batches.Count == 2);
        _gate.Release(1_000);

        Assert.Equal(["stuck!", "later!"], await Task.WhenAll(stuck, later));
    }

    [Fact]
    public async Task Items_with_one_key_never_share_a_batch()
    {
        var first = await BlockAllAsync();
        var later = Enumerable.Range(0, 10).Select(number => _batcher.RunAsync($"same/{number}", default)).ToArray();

        _gate.Release(1_000);
        await Task.WhenAll(first.Concat(later));

        Assert.All(_batches, batch => Assert.Single(batch));
    }

    [Fact]
    public async Task What_only_reads_has_no_keys_and_shares_a_batch_with_its_like()
    {
        _batcher = new(Database, AnswerAsync, isLatencyBound: isLatencyBound);
        var first = await BlockAllAsync();
        var later = Enumerable.Range(0, 10).Select(_ => _batcher.RunAsync("same", default)).ToArray();

        _gate.Release(1_000);
        await Task.WhenAll(first.Concat(later));

        Assert.Equal(10, Assert.Single(_batches, batch => batch.Length > 1).Length);
    }

    [Fact]
    public async Task An_item_that_theDatabase_refuses_fails_alone()
    {
        var first = await BlockAllAsync();
        var good = Enumerable.Range(0, 10).Select(number => _batcher.RunAsync($"{number}", default)).ToArray();
        var bad = _batcher.RunAsync("bad", default);

        _gate.Release(1_000);
        await Task.WhenAll(first.Concat(good));

        Assert.Equal("22012", (await Assert.ThrowsAsync<PostgresException>(() => bad)).SqlState);
    }

    [Fact]
    public async Task ADatabase_out_of_reach_fails_those_who_wait_and_is_asked_again_by_the_next()
    {
        _gate.Release(1_000);
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=nobody;Timeout=2");
        var batcher = new Batcher<string, string>(nowhere, AnswerAsync, item => item, isLatencyBound);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await Assert.ThrowsAsync<NpgsqlException>(() => batcher.RunAsync("item", default));
        }
    }

    [Fact]
    public async Task A_caller_who_gives_up_while_it_waits_is_not_asked_for()
    {
        var first = await BlockAllAsync();
        using var timeout = new CancellationTokenSource();
        var waiting = _batcher.RunAsync("waiting", timeout.Token);
        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        _gate.Release(1_000);
        await Task.WhenAll(first);
        Assert.Equal("next!", await _batcher.RunAsync("next", default));

        Assert.DoesNotContain(_batches, batch => batch.Contains("waiting"));
    }

    [Fact]
    public async Task A_batch_that_nobody_waits_for_any_more_is_withdrawn_and_others_are_not()
    {
        using var timeout = new CancellationTokenSource();
        var left = _batcher.RunAsync("left", timeout.Token);
        await Eventually.Async(() => _batches.Count == 1);
        var kept = _batcher.RunAsync("kept", default);
        await Eventually.Async(() => _batches.Count == 2);

        await timeout.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Eventually.Async(() => _withdrawn.Contains("left"));
        _gate.Release(1_000);

        Assert.Equal("kept!", await kept);
        Assert.Equal(["left"], _withdrawn);
    }

    /// <summary>As many calls as are under way at once, each in a batch of its own, none of them answered yet.</summary>
    private async Task<Task<string>[]> BlockAllAsync()
    {
        var calls = new List<Task<string>>();
        for (var count = 1; count <= 3; count++)
        {
            calls.Add(_batcher.RunAsync($"first {count}", default));
            await Eventually.Async(() => _batches.Count == count);
        }

        return [.. calls];
    }

    private async Task<IReadOnlyList<string>> AnswerAsync(
        NpgsqlConnection connection, IReadOnlyList<string> items, CancellationToken cancellationToken)
    {
        _batches.Enqueue([.. items]);
        try
        {
            await _gate.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Array.ForEach([.. items], _withdrawn.Enqueue);
            throw;
        }

        await using var command = new NpgsqlCommand("select 1 / $1", connection)
        {
            Parameters = { new() { Value = items.Contains("bad") ? 0 : 1 } },
        };
        await command.ExecuteScalarAsync(cancellationToken);
        return [.. items.Select(item => item + "!")];
    }
}
