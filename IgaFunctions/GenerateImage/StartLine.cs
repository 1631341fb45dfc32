namespace Iga.GenerateImage;

/// <summary>
/// The line in which starts wait for their turn at the task hub. Where a start is expensive, a crowd of them at once makes each
/// one slow, and all of them late (docs/0014).
/// </summary>
/// <param name="atOnce">How many starts may be on their way to the hub, the others wait; null where there is no line.</param>
public sealed class StartLine(int? atOnce, TimeProvider time) : IDisposable
{
    /// <summary>
    /// For the task hub on Azure Storage: enough to keep it busy, and few enough that each is done in a fraction of a second.
    /// </summary>
    public const int OnAzureStorage = 16;

    /// <summary>
    /// With 40 starts a second, the slowest hub that was seen, the last one starts before the sweeper takes it for forgotten.
    /// </summary>
    internal const int MaxWaiting = 500;

    /// <summary>For a start's own work, once it has its turn.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(3.5);

    /// <summary>Shorter than a caller is made to wait, so that who has seen no start succeed is not told that it is under way.</summary>
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim? _turns = atOnce is { } turns ? new(turns) : null;
    private readonly Lock _entrance = new();
    private int _inside;
    private long _fullSince;
    private long _lastSuccess;

    /// <summary>Whether a start has succeeded only just now.</summary>
    public bool IsMoving => time.GetElapsedTime(Volatile.Read(ref _lastSuccess)) < StalledAfter;

    private bool IsStalled => !IsMoving && time.GetElapsedTime(Volatile.Read(ref _fullSince)) >= StalledAfter;

    /// <summary>Runs a start when its turn has come.</summary>
    /// <param name="giveUp">Leaves the line, or breaks the start off.</param>
    /// <exception cref="StartRefusedException">At once: the line is full, or it does not move.</exception>
    public Task RunAsync(Func<CancellationToken, Task> start, CancellationToken giveUp) =>
        _turns is null ? start(giveUp) : RunInTurnAsync(_turns, start, giveUp);

    private async Task RunInTurnAsync(SemaphoreSlim turns, Func<CancellationToken, Task> start, CancellationToken giveUp)
    {
        var inside = Enter();
        try
        {
            if (inside > atOnce && (IsStalled || inside - atOnce > MaxWaiting))
            {
                throw new StartRefusedException();
            }

            await turns.WaitAsync(giveUp);
            try
            {
                using var turn = CancellationTokenSource.CreateLinkedTokenSource(giveUp);
                turn.CancelAfter(StartTimeout);
                turn.Token.ThrowIfCancellationRequested();

                // Some back ends' clients heed no token while their storage is down.
                await start(turn.Token).WaitAsync(turn.Token);
                Volatile.Write(ref _lastSuccess, time.GetTimestamp());
            }
            finally
            {
                turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private int Enter()
    {
        lock (_entrance)
        {
            // One slow start alone, as the first at a cold hub, says nothing of the others: counted from when every turn is taken.
            var inside = Interlocked.Increment(ref _inside);
            if (inside == atOnce)
            {
                Volatile.Write(ref _fullSince, time.GetTimestamp());
            }

            return inside;
        }
    }

    public void Dispose() => _turns?.Dispose();
}
