namespace Iga.Waiting;

/// <summary>
/// Says that the process is about to stop. Whoever has a caller wait for something that happens later ends it then: a stop may take its
/// time for what is paid, and callers are not kept waiting for that.
/// </summary>
public sealed class EarlyStop : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _stopping;

    public EarlyStop(IHostApplicationLifetime? lifetime = null) => _stopping = lifetime?.ApplicationStopping.Register(Begin) ?? default;

    public CancellationToken Token => _source.Token;

    /// <summary>To be called where a stop begins before the host says so.</summary>
    public void Begin() => _source.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _source.Dispose();
    }
}
