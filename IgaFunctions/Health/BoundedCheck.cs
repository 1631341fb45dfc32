namespace Iga.Health;

/// <summary>A check that is given up after a time, and is not begun anew while it hangs.</summary>
/// <param name="silent">What it comes to without an answer.</param>
internal sealed class BoundedCheck(Func<CancellationToken, Task<Readiness>> ask, Readiness silent, TimeProvider time)
{
    internal static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private Task<Readiness>? _running;

    /// <summary>Not to be called while a call is under way.</summary>
    public async Task<Readiness> AskAsync()
    {
        if (_running is { IsCompleted: false })
        {
            return silent;
        }

        _running = Task.Run(RunAsync);
        try
        {
            // A cancelled statement waits for PostgreSQL's consent, which a stalled network does not deliver; a disk may do the same.
            return await _running.WaitAsync(Limit, time);
        }
        catch (TimeoutException)
        {
            return silent;
        }
    }

    private async Task<Readiness> RunAsync()
    {
        using var limit = new CancellationTokenSource(Limit, time);
        return await ask(limit.Token);
    }
}
