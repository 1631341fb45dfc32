using Iga.Usage;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Usage;

/// <summary>Figures are read once for all who ask, and the seldomer the longer it takes.</summary>
public sealed class SharedReadingTests
{
    private readonly FakeTimeProvider _time = new();
    private int _readings;

    [Fact]
    public async Task What_took_long_is_kept_for_twenty_times_as_long()
    {
        var reading = new SharedReading<int>(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time);

        Assert.Equal(1, await ReadAsync(reading));
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, await ReadAsync(reading));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(2, await ReadAsync(reading));
    }

    [Fact]
    public async Task Who_asks_during_a_reading_gets_what_it_reads_and_may_go_before()
    {
        var reading = new SharedReading<int>(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time);
        var read = new TaskCompletionSource<int>();
        using var gone = new CancellationTokenSource();

        var first = reading.GetAsync(_ => read.Task, gone.Token);
        var second = reading.GetAsync(_ => Task.FromResult(0), CancellationToken.None);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        read.SetResult(7);

        Assert.Equal(7, await second);
    }

    [Fact]
    public async Task A_reading_that_failed_rests_as_long_as_it_took()
    {
        var reading = new SharedReading<int>(TimeSpan.Zero, TimeSpan.FromMinutes(1), _time);

        await Assert.ThrowsAsync<TimeoutException>(() => reading.GetAsync(FailAsync, CancellationToken.None));
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(reading));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(1, await ReadAsync(reading));

        Task<int> FailAsync(CancellationToken cancellationToken)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            throw new TimeoutException();
        }
    }

    private Task<int> ReadAsync(SharedReading<int> reading) => reading.GetAsync(
        _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            return Task.FromResult(++_readings);
        },
        CancellationToken.None);
}
