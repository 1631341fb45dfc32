namespace Iga.Batching;

/// <summary>What one statement is asked for. Changed under the lock of its <see cref="Batcher{TItem, TResult}"/>.</summary>
internal sealed class Batch<TItem, TResult> : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();

    private Batch()
    {
    }

    public List<BatchEntry<TItem, TResult>> Entries { get; } = [];

    /// <summary>How many callers still wait for it.</summary>
    public int Awaited { get; set; }

    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Takes the longest waiting out, up to so many; of those with one key the first.</summary>
    public static Batch<TItem, TResult> Of(
        LinkedList<BatchEntry<TItem, TResult>> waiting, Func<TItem, string>? keyOf, int largest)
    {
        var batch = new Batch<TItem, TResult>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var node = waiting.First; node is not null && batch.Entries.Count < largest;)
        {
            var next = node.Next;
            if (keyOf is null || keys.Add(keyOf(node.Value.Item)))
            {
                waiting.Remove(node);
                node.Value.Batch = batch;
                batch.Entries.Add(node.Value);
            }

            node = next;
        }

        batch.Awaited = batch.Entries.Count;
        return batch;
    }

    /// <summary>Does not wait for PostgreSQL's consent, which a stalled network does not deliver.</summary>
    public void Cancel()
    {
        try
        {
            _ = _abandoned.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose() => _abandoned.Dispose();
}
