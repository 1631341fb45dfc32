using System.Collections.Concurrent;
using Iga.Bench.Sites;

namespace Iga.Tests.Crashes;

/// <summary>
/// New keys, posted one after another in the background until enough has happened; no more at a time than the machine copes
/// with, however slow it is.
/// </summary>
internal sealed class Load
{
    private const int MostInFlight = 50;
    private const int MostPosts = 16;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);

    private readonly ConcurrentQueue<Order> _orders = [];
    private readonly int _insertsBefore;
    private readonly Site _site;
    private readonly Task _posting;
    private volatile bool _isEnough;

    /// <param name="name">Stands in every key.</param>
    public Load(Site site, Customer customer, string name)
    {
        (_site, _insertsBefore) = (site, site.Gcs.Inserts);
        _posting = PostAsync(customer, name);
    }

    /// <summary>Until so many more orders were posted, whatever became of them.</summary>
    public Task NextAsync(int count)
    {
        var enough = _orders.Count + count;
        return Waits.UntilAsync(() => _orders.Count >= enough, $"{count} more orders");
    }

    /// <returns>The orders, all posted; not all need be accepted.</returns>
    public async Task<IReadOnlyCollection<Order>> FinishAsync()
    {
        _isEnough = true;
        await _posting;
        return _orders;
    }

    private async Task PostAsync(Customer customer, string name)
    {
        using var turns = new SemaphoreSlim(MostPosts);
        while (!_isEnough)
        {
            if (_orders.Count - (_site.Gcs.Inserts - _insertsBefore) < MostInFlight)
            {
                await turns.WaitAsync();
                var order = new Order($"{name}-{_orders.Count + 1}");
                _orders.Enqueue(order);
                _ = customer.PostAsync(order, CancellationToken.None).ContinueWith(_ => turns.Release(), TaskScheduler.Default);
            }

            await Task.Delay(Pause);
        }

        for (var left = MostPosts; left > 0; left--)
        {
            await turns.WaitAsync();
        }
    }
}
