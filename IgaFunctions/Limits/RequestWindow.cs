namespace Iga.Limits;

/// <summary>Admits so many requests in any 60 seconds. For use under a lock.</summary>
internal sealed class RequestWindow(int perMinute, TimeProvider time)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly LinkedList<long> _admitted = [];

    /// <returns>How long until a request can be admitted; zero is now.</returns>
    public TimeSpan Wait()
    {
        while (_admitted.First is { } oldest)
        {
            var left = Length - time.GetElapsedTime(oldest.Value);
            if (left > TimeSpan.Zero)
            {
                return _admitted.Count < perMinute ? TimeSpan.Zero : left;
            }

            _admitted.RemoveFirst();
        }

        return TimeSpan.Zero;
    }

    public void Add() => _admitted.AddLast(time.GetTimestamp());

    /// <summary>One that was admitted just now does not count after all.</summary>
    public void TakeBack()
    {
        // Another one's, if several were admitted meanwhile: nearly the same time.
        if (_admitted.Count > 0)
        {
            _admitted.RemoveLast();
        }
    }
}
