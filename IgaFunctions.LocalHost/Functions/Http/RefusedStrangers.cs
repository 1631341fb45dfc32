using Iga.Http;
using Iga.Telemetry;

namespace Iga.LocalHost.Functions.Http;

/// <summary>
/// Logs requests that are refused without a look at their sender's key: there is nothing at the path, the host is not ours. Whoever
/// reaches the port can send any number of them, and may not fill a disk: each error code has a bounded number of lines a minute, and then
/// one with the number of the others.
/// </summary>
internal sealed class RefusedStrangers : IDisposable
{
    /// <summary>Lines a minute of each error code.</summary>
    public const int MostLines = 100;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly IgaMetrics _metrics;
    private readonly ILogger<RefusedStrangers> _logger;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();

    /// <summary>Requests of this minute by error code, of which there are a handful.</summary>
    private Dictionary<string, long> _counts = [];

    public RefusedStrangers(IgaMetrics metrics, TimeProvider time, ILogger<RefusedStrangers> logger)
    {
        (_metrics, _logger) = (metrics, logger);
        _timer = time.CreateTimer(static strangers => ((RefusedStrangers)strangers!).EndMinute(), this, Minute, Minute);
    }

    /// <param name="field">The header that was wrong, if it was one.</param>
    /// <param name="message">What the sender is told.</param>
    public void Note(int status, string errorCode, string? field, string message)
    {
        lock (_gate)
        {
            var count = _counts.GetValueOrDefault(errorCode) + 1;
            _counts[errorCode] = count;
            if (count > MostLines)
            {
                return;
            }
        }

        _logger.LogRefusal(status, errorCode, field, message);
        Count(errorCode, 1);
    }

    /// <summary>Tells what is not told yet.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        EndMinute();
    }

    private void EndMinute()
    {
        Dictionary<string, long> counts;
        lock (_gate)
        {
            (counts, _counts) = (_counts, []);
        }

        foreach (var (errorCode, count) in counts.Where(code => code.Value > MostLines))
        {
            _logger.LogWarning("{count} more requests were refused with {error_code} within a minute", count - MostLines, errorCode);
            Count(errorCode, count - MostLines);
        }
    }

    /// <remarks>What is no HTTP, or asks for what there isn't, is no request for a picture, and not counted as one.</remarks>
    private void Count(string errorCode, long count)
    {
        if (errorCode == ErrorCode.WrongHost)
        {
            _metrics.Rejected(errorCode, caller: null, count);
        }
    }
}
