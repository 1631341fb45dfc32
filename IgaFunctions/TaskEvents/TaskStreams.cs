using Iga.Waiting;

namespace Iga.TaskEvents;

/// <summary>How many streams of events may be open, and for how long.</summary>
public sealed class TaskStreams(WaitOptions options, EarlyStop stop)
{
    /// <summary>
    /// A stream ends after a while, and whoever wants more connects again: with a key that was taken back meanwhile nobody can. Also
    /// shorter than the time that the Functions host gives to a function.
    /// </summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    private readonly Seats _seats = new(options.MaxStreams);

    /// <param name="caller">The name of the API key that asks; null where it has none.</param>
    /// <returns>What is disposed when the stream ends; null when there are as many as may be.</returns>
    internal IDisposable? TryBegin(string? caller) => _seats.TryTake(caller) ? new Place(_seats, caller) : null;

    /// <summary>Is cancelled when one of the tokens is, the stream has lasted its time, or the process is about to stop.</summary>
    internal CancellationTokenSource EndOf(CancellationToken one, CancellationToken other)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(one, other, stop.Token);
        end.CancelAfter(Longest);
        return end;
    }

    private sealed class Place(Seats seats, string? caller) : IDisposable
    {
        public void Dispose() => seats.GiveBack(caller);
    }
}
