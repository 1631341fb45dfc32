namespace Iga.Health;

/// <summary>Asks at most once in an interval, however many want to know, who then share the answer.</summary>
internal sealed class SharedAnswer<T>(TimeProvider time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task<T>? _latest;
    private long _askedAt;

    /// <param name="ask">Is not called while an earlier call is under way.</param>
    public Task<T> GetAsync(Func<Task<T>> ask)
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && time.GetElapsedTime(_askedAt) >= Interval))
            {
                _askedAt = time.GetTimestamp();
                _latest = ask();
            }

            return _latest;
        }
    }
}
