using Npgsql;

namespace Iga.Batching;

/// <summary>
/// Asks PostgreSQL once for what many callers want at the same time: a batch is what came in while earlier ones were under
/// way, so one commit serves them all, and a lone call waits for nobody.
/// </summary>
/// <param name="run">Answers a batch, one answer for each item, in their order; all of them or none.</param>
/// <param name="keyOf">Two items with the same key never share a batch, since one statement can't write a row twice.</param>
public sealed class Batcher<TItem, TResult>(
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> run, Func<TItem, string> keyOf)
{
    /// <summary>Few, so that batches grow; more than one, so that a batch that waits for a row's lock is passed by.</summary>
    private const int MostUnderWay = 3;

    private const int Largest = 128;

    private readonly Lock _gate = new();
    private readonly LinkedList<Entry> _waiting = [];
    private int _underWay;

    /// <param name="cancellationToken">Ends the caller's wait; what is under way is carried out all the same.</param>
    public Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new Entry(item);
        LinkedListNode<Entry> place;
        lock (_gate)
        {
            place = _waiting.AddLast(entry);
            if (_underWay < MostUnderWay)
            {
                _underWay++;
                _ = Task.Run(WorkAsync, CancellationToken.None);
            }
        }

        return cancellationToken.CanBeCanceled ? AwaitAsync(place, cancellationToken) : entry.Answer.Task;
    }

    private async Task<TResult> AwaitAsync(LinkedListNode<Entry> place, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Value.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                }
            }

            throw;
        }
    }

    private async Task WorkAsync()
    {
        while (Take() is { } batch)
        {
            await AnswerAsync(batch);
        }
    }

    /// <returns>Null if nothing waits, and then nothing of this is under way any more.</returns>
    private List<Entry>? Take()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return null;
            }

            var batch = new List<Entry>(Math.Min(_waiting.Count, Largest));
            var keys = new HashSet<string>(StringComparer.Ordinal);
            for (var node = _waiting.First; node is not null && batch.Count < Largest;)
            {
                var next = node.Next;
                if (keys.Add(keyOf(node.Value.Item)))
                {
                    batch.Add(node.Value);
                    _waiting.Remove(node);
                }

                node = next;
            }

            return batch;
        }
    }

    private async Task AnswerAsync(List<Entry> batch)
    {
        try
        {
            var answers = await run([.. batch.Select(entry => entry.Item)]);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Answer.TrySetResult(answers[i]);
            }
        }
        catch (PostgresException exception) when (batch.Count > 1 && !exception.IsTransient)
        {
            // One of them is to blame; the others must not suffer for it.
            foreach (var entry in batch)
            {
                await AnswerAsync([entry]);
            }
        }
        catch (Exception exception)
        {
            foreach (var entry in batch)
            {
                entry.Answer.TrySetException(exception);
            }
        }
    }

    private sealed class Entry(TItem item)
    {
        public TItem Item => item;

        public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
