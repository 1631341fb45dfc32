using Iga.Queues;

namespace Iga.GenerateImage;

/// <summary>
/// What bodies that are not small may take of memory and of the processor, all together. So many are in memory at once; the others stay
/// in the kernel's buffers. They are checked one at a time, with pauses as long as the work was: that is half of one core at most,
/// and the rest is left to all other requests. Where bodies wait, callers take turns.
/// </summary>
/// <remarks>A turn to be checked begins when all of the body is there, so that a slow sender keeps nobody waiting for it.</remarks>
internal sealed class LargeBodies(TimeProvider time)
{
    /// <summary>Bytes. A smaller body costs less than it would to wait, whatever it holds.</summary>
    public const int LargerThan = 2 * 1024;

    /// <summary>Bytes. A larger body has to wait for room in memory: a prompt of 4,000 characters fits, in any script.</summary>
    public const int RoomyFrom = 16 * 1024;

    /// <summary>Bodies in memory at once, of those that have to wait for room: 32 MiB.</summary>
    public const int MostInMemory = 64;

    /// <summary>What is added to the time of the check: to receive and copy 256 KiB takes about 1 ms.</summary>
    private const double MicrosecondsPerByte = 0.004;

    /// <summary>Timers are no finer: several short checks have one pause together.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    /// <summary>A check that took longer was itself kept waiting for the processor.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(20);

    private readonly FairSlots _room = new(MostInMemory);
    private readonly FairSlots _turn = new(1);

    /// <summary>Work since the last pause. Only whoever has the turn touches it.</summary>
    private TimeSpan _work;

    /// <param name="length">What the header says of the body; null where it says nothing.</param>
    /// <param name="caller">The name of the API key, if it has one.</param>
    /// <returns>To be disposed when the body has left memory; null for one that needs no room.</returns>
    public async ValueTask<IDisposable?> TakeRoomAsync(long? length, string? caller, CancellationToken cancellationToken)
    {
        if (length <= RoomyFrom)
        {
            return null;
        }

        return await _room.TakeAsync(() => caller ?? "", cancellationToken);
    }

    /// <param name="length">Of the body, in bytes.</param>
    /// <param name="caller">The name of the API key, if it has one.</param>
    /// <returns>To be disposed when the body has been checked; null for a small one.</returns>
    public async ValueTask<IDisposable?> TakeTurnAsync(int length, string? caller, CancellationToken cancellationToken)
    {
        if (length <= LargerThan)
        {
            return null;
        }

        await _turn.EnterAsync(() => caller ?? "", cancellationToken);
        return new Turn(this, length, time.GetTimestamp());
    }

    private void End(int length, long began)
    {
        _work += time.GetElapsedTime(began) + TimeSpan.FromMicroseconds(length * MicrosecondsPerByte);
        if (_work < ShortestPause)
        {
            _turn.Release();
        }
        else
        {
            _ = PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        await Task.Delay(_work < LongestPause ? _work : LongestPause, time);
        _work = TimeSpan.Zero;
        _turn.Release();
    }

    private sealed class Turn(LargeBodies bodies, int length, long began) : IDisposable
    {
        public void Dispose() => bodies.End(length, began);
    }
}
