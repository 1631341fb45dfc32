namespace Iga.LocalHost.Durable.Worker;

/// <summary>The lease token of this process at the moment, and for how long it is certain to hold.</summary>
internal sealed class WorkerLease
{
    /// <summary>What begins this much before the end of the lease counts as begun under it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly AsyncLocal<Guid?> _actsUnder = new();
    private volatile object? _current;
    private long _certainUntil;

    /// <summary>Null before the process has registered, after it lost its lease, and while it stops.</summary>
    public Guid? Current
    {
        get => (Guid?)_current;
        set => _current = value;
    }

    /// <summary>Whether nobody can have taken this process for dead yet.</summary>
    public bool IsCertain => _current is not null && Environment.TickCount64 < Volatile.Read(ref _certainUntil);

    /// <param name="asked">When the renewal was sent off, in <see cref="Environment.TickCount64"/>.</param>
    public void Renewed(long asked, TimeSpan duration) =>
        Volatile.Write(ref _certainUntil, asked + (long)(duration - Margin).TotalMilliseconds);

    /// <summary>What the calling method does from here on, and whatever it calls, is done under this token.</summary>
    public void ActUnder(Guid token) => _actsUnder.Value = token;

    /// <summary>
    /// Waits until the lease under which the caller acts is certain. A process that was cut off from the database may have been
    /// taken over without its knowing: what can't be undone must not begin before it knows better. What it has meanwhile under
    /// another token does not count: whoever acts under the old one is about to be told so.
    /// </summary>
    /// <param name="abandoned">Ends the wait of whoever turns out to have been taken over.</param>
    public async Task UntilCertainAsync(CancellationToken abandoned)
    {
        var token = _actsUnder.Value ?? throw new InvalidOperationException("This is for activities.");
        while (!IsCertain || Current != token)
        {
            await Task.Delay(LookAgain, abandoned);
        }

        abandoned.ThrowIfCancellationRequested();
    }
}
