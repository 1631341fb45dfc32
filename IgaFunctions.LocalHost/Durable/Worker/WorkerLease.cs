namespace Iga.LocalHost.Durable.Worker;

/// <summary>The lease token of this process at the moment, and for how long it is certain to hold.</summary>
internal sealed class WorkerLease
{
    /// <summary>A lease is taken to end this much early: what begins just before its end must not be overtaken by the next owner.</summary>
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

    /// <summary>Notes, for the calling method and all that it calls, under which token they act.</summary>
    public void ActUnder(Guid token) => _actsUnder.Value = token;

    /// <summary>
    /// Waits until it is certain that the caller still holds its lease. Call it before what can't be undone: a process that was cut
    /// off from the database may have been taken over and not know it yet. If the process has a new lease by then, the caller, who
    /// acts under the old one, waits until it is cancelled.
    /// </summary>
    /// <param name="abandoned">Is cancelled when the caller's instance was taken over.</param>
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
