namespace Iga.Models;

/// <summary>
/// Tells each call that is sent back its own time to come again: one after the other, at the pace at which calls are made, and
/// early enough to wait a little in the queue, so that the queue does not run empty. If all were told the same time, the quota
/// would lie idle until then, and most of them would be sent back once more.
/// </summary>
internal sealed class Turns(TimeProvider time)
{
    /// <summary>The longest wait: the pace is a guess, and may have been a bad one.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _last;

    /// <param name="earliest">Within this much time calls that wait already use up the quota.</param>
    /// <param name="each">How long a call uses up the quota.</param>
    public TimeSpan Next(TimeSpan earliest, TimeSpan each)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_origin);
            var turn = Max(_last, now + earliest) + each;
            if (turn <= now + Longest)
            {
                _last = turn;
                return turn - now;
            }

            // Too many for turns of their own. They come back spread over half the time, and some find theirs then.
            _last = now + Longest;
            return Longest * (0.5 + Random.Shared.NextDouble() / 2);
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
