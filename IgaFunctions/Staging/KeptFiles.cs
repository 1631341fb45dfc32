namespace Iga.Staging;

/// <summary>
/// Files that nobody uses just now, kept for whoever needs one next. Those that lay unused for a whole <see cref="Period"/> are deleted,
/// but <see cref="Most"/>: under load as many are kept as come and go.
/// </summary>
internal sealed class KeptFiles : IDisposable
{
    /// <summary>How many stay however long they lie.</summary>
    internal const int Most = 16;

    /// <summary>How often those that were not needed are deleted.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Stack<string> _paths = [];
    private readonly ITimer _trimming;

    /// <summary>How many there were, at least, since the last look: so many nobody needed.</summary>
    private int _least;

    public KeptFiles(TimeProvider time) => _trimming = time.CreateTimer(_ => Trim(), null, Period, Period);

    public void Push(string path)
    {
        lock (_gate)
        {
            _paths.Push(path);
        }
    }

    /// <returns>A file, which is the caller's from now on; null when there is none.</returns>
    public string? TryPop()
    {
        lock (_gate)
        {
            var path = _paths.TryPop(out var kept) ? kept : null;
            _least = Math.Min(_least, _paths.Count);
            return path;
        }
    }

    /// <summary>Deletes them all.</summary>
    /// <returns>How many there were.</returns>
    public int Drop() => Drop(paths => paths.Count);

    public void Dispose()
    {
        _trimming.Dispose();
        Drop();
    }

    private void Trim()
    {
        try
        {
            Drop(paths => Math.Min(_least, paths.Count - Most));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The disk is read-only or away: readiness says so, and a process that starts deletes what is left.
        }
    }

    private int Drop(Func<Stack<string>, int> howMany)
    {
        List<string> dropped = [];
        lock (_gate)
        {
            for (var left = howMany(_paths); left > 0; left--)
            {
                dropped.Add(_paths.Pop());
            }

            _least = _paths.Count;
        }

        dropped.ForEach(DiskFiles.Delete);
        return dropped.Count;
    }
}
