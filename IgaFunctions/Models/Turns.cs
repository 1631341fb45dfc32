namespace Iga.Models;

/// <summary>
/// Tells each call that is sent back its own time to come again: one after the other, at the pace at which calls are made, and
/// early enough to wait a little in the queue, so that the queue does not run empty. If all were told the same time, the quota
/// would lie idle until then, and most of them would be sent back once more. Each caller has a row of turns of its own.
/// </summary>
internal sealed class Turns(TimeProvider time)
{
    /// <summary>The longest wait: the pace is a guess, and may have been a bad one.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<string, TimeSpan> _last = new(StringComparer.Ordinal);

    /// <param name="earliest">Within this much time calls that wait already use up the quota.</param>
    /// <param name="each">How long a call uses up the quota.</param>
    public TimeSpan Next(TimeSpan earliest, TimeSpan each, string caller = "")
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_origin);
            foreach (var past in _last.Where(last => last.Value < now))
            {
                _last.Remove(past.Key);
            }

            // The quota is shared with the other callers whose calls come again.
            var others = _last.ContainsKey(caller) ? _last.Count - 1 : _last.Count;
            var turn = Max(_last.GetValueOrDefault(caller), now + earliest) + (each * (1 + others));
            if (turn <= now + Longest)
            {
                _last[caller] = turn;
                return turn - now;
            }

            // Too many for turns of their own. They come back spread over half the time, and some find theirs then.
            _last[caller] = now + Longest;
            return Longest * (0.5 + Random.Shared.NextDouble() / 2);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
