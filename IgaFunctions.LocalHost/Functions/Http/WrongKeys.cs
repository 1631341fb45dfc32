using Iga.Telemetry;

namespace Iga.LocalHost.Functions.Http;

/// <summary>
/// Counts requests without a valid key by their sender's address. Who goes on gets slower answers; warnings and the metric
/// tell of it, a bounded number a minute however many requests there are.
/// </summary>
internal sealed class WrongKeys : IDisposable
{
    /// <summary>So many requests of one address are answered at once, and have a log line each.</summary>
    public const int FreeTries = 10;

    /// <summary>Addresses that are remembered; for another one the one is forgotten that was quiet the longest.</summary>
    public const int MostSenders = 1000;

    /// <summary>Warnings a minute, of all addresses together.</summary>
    public const int MostWarnings = 20;

    /// <summary>After so many minutes without a further request an address is forgotten.</summary>
    private const int MinutesKept = 10;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly IgaMetrics _metrics;
    private readonly ILogger<WrongKeys> _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Sender>> _senders = [];

    // The one that was quiet the longest is first.
    private readonly LinkedList<Sender> _order = [];
    private int _minute;
    private int _warnings;
    private bool _isCounted;
    private long _uncounted;

    public WrongKeys(IgaMetrics metrics, TimeProvider time, ILogger<WrongKeys> logger)
    {
        (_metrics, _logger) = (metrics, logger);
        _timer = time.CreateTimer(static wrong => ((WrongKeys)wrong!).BeginMinute(), this, Minute, Minute);
    }

    /// <summary>Notes a request without a valid key.</summary>
    /// <param name="address">Its <see cref="AddressBlock"/>.</param>
    /// <returns>How long its answer has to wait; zero for the first <see cref="FreeTries"/>.</returns>
    public TimeSpan Note(string address)
    {
        long told = 0;
        long counted = 0;
        int tries;
        lock (_gate)
        {
            var sender = Find(address);
            tries = ++sender.Tries;
            sender.Untold++;
            _uncounted++;
            if (!sender.IsWarnedOf && _warnings < MostWarnings)
            {
                told = Tell(sender);
            }

            if (!_isCounted)
            {
                counted = Count();
            }
        }

        Report(address, told);
        Report(counted);
        return tries <= FreeTries
            ? TimeSpan.Zero
            : FirstDelay * (1 << Math.Min(tries - FreeTries - 1, 5)) is var delay && delay < LongestDelay ? delay : LongestDelay;
    }

    /// <summary>Tells what is not told yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        BeginMinute();
    }

    private void BeginMinute()
    {
        var told = new List<(string Address, long Count)>();
        long counted;
        lock (_gate)
        {
            _minute++;
            _warnings = 0;
            while (_order.First is { } oldest && _minute - oldest.Value.LastMinute > MinutesKept)
            {
                Forget(oldest);
            }

            foreach (var sender in _order)
            {
                sender.IsWarnedOf = false;
            }

            // The busiest first, where there are more than may be told of.
            foreach (var sender in _order.Where(sender => sender.Untold > 0).OrderByDescending(sender => sender.Untold).Take(MostWarnings))
            {
                told.Add((sender.Address, Tell(sender)));
            }

            counted = Count();
            _isCounted = false;
        }

        told.ForEach(sender => Report(sender.Address, sender.Count));
        Report(counted);
    }

    private Sender Find(string address)
    {
        if (!_senders.Remove(address, out var node))
        {
            if (_senders.Count >= MostSenders)
            {
                Forget(_order.First!);
            }

            node = new LinkedListNode<Sender>(new Sender(address));
        }
        else
        {
            _order.Remove(node);
        }

        node.Value.LastMinute = _minute;
        _senders.Add(address, node);
        _order.AddLast(node);
        return node.Value;
    }

    private void Forget(LinkedListNode<Sender> node)
    {
        _senders.Remove(node.Value.Address);
        _order.Remove(node);
    }

    private long Tell(Sender sender)
    {
        (sender.IsWarnedOf, var told, sender.Untold) = (true, sender.Untold, 0);
        _warnings++;
        return told;
    }

    private long Count()
    {
        (_isCounted, var counted, _uncounted) = (true, _uncounted, 0);
        return counted;
    }

    private void Report(string address, long count)
    {
        if (count > 0)
        {
            _logger.LogWarning("{count} requests from {address} had no valid API key", count, address);
        }
    }

    private void Report(long count)
    {
        if (count > 0)
        {
            _metrics.KeyRefused(count);
        }
    }

    private sealed class Sender(string address)
    {
        public string Address => address;

        public int Tries { get; set; }

        public long Untold { get; set; }

        public bool IsWarnedOf { get; set; }

        public int LastMinute { get; set; }
    }
}
