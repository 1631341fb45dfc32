using System.Diagnostics;
using Npgsql;

namespace Iga.Postgres;

/// <summary>
/// Asks PostgreSQL once for what many callers want at the same time: a batch is what came in while earlier ones were under
/// way, so one commit serves them all, and a lone call waits for nobody.
/// </summary>
/// <param name="statement">Answers a batch.</param>
/// <param name="keyOf">
/// Two items with the same key never share a batch, since one statement can't write a row twice. Null for what only reads.
/// </param>
/// <param name="isLatencyBound">
/// For what HTTP requests wait for: a batch begins on its first caller's thread, and callers go on on the thread that read
/// the answer, ahead of the work that waits for a thread. No caller may block, then.
/// </param>
public sealed class Batcher<TItem, TResult>(
    NpgsqlDataSource database, BatchStatement<TItem, TResult> statement, Func<TItem, string>? keyOf = null, bool isLatencyBound = false)
{
    private const int MostUnderWay = 3;

    private const int Largest = 128;

    /// <summary>
    /// Usually one batch is under way, so that the next one grows. One that takes longer than this (it waits for a row's
    /// lock, say) is passed by.
    /// </summary>
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly LinkedList<BatchEntry<TItem, TResult>> _waiting = [];
    private int _underWay;
    private int _slow;

    /// <param name="cancellationToken">
    /// Ends the caller's wait. A batch that is under way by then is carried out, unless nobody waits for it any more.
    /// </param>
    /// <exception cref="NpgsqlException">PostgreSQL failed the batch, or is out of reach.</exception>
    public Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var entry = new BatchEntry<TItem, TResult>(item, isLatencyBound);
        LinkedListNode<BatchEntry<TItem, TResult>> place;
        bool begins;
        lock (_gate)
        {
            place = _waiting.AddLast(entry);
            begins = (_underWay == _slow || _waiting.Count >= Largest) && MayBegin();
        }

        if (begins)
        {
            BeginWork();
        }

        return cancellationToken.CanBeCanceled ? AwaitAsync(place, cancellationToken) : entry.Answer.Task;
    }

    private async Task<TResult> AwaitAsync(LinkedListNode<BatchEntry<TItem, TResult>> place, CancellationToken cancellationToken)
    {
        try
        {
            return await place.Value.Answer.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUp(place);
            throw;
        }
    }

    private void GiveUp(LinkedListNode<BatchEntry<TItem, TResult>> place)
    {
        Batch<TItem, TResult>? left = null;
        lock (_gate)
        {
            if (place.List is not null)
            {
                _waiting.Remove(place);
            }
            else if (place.Value.Batch is { } batch && --batch.Awaited == 0)
            {
                left = batch;
            }
        }

        left?.Cancel();
    }

    private async Task WorkAsync()
    {
        // Nobody's: it began with the first caller, and goes on with others'.
        Activity.Current = null;
        while (IsNeeded())
        {
            try
            {
                // The batch is chosen once there is a connection: until then more can join it, and give up.
                await using var connection = await database.OpenConnectionAsync();
                using var batch = Take();
                var answering = batch.AnswerAsync(connection, AskAsync);
                if (await Task.WhenAny(answering, Task.Delay(Slow)) == answering)
                {
                    continue;
                }

                BePassedBy();
                await answering;
                Rejoin();
            }
            catch (Exception exception)
            {
                using var batch = Take();
                batch.Fail(exception);
            }
        }
    }

    /// <summary>The next batch must not meet the sessions of a server that takes no writes.</summary>
    private async Task<IReadOnlyList<TResult>> AskAsync(
        NpgsqlConnection connection, IReadOnlyList<TItem> items, CancellationToken cancellationToken)
    {
        try
        {
            return await statement(connection, items, cancellationToken);
        }
        catch (PostgresException exception)
        {
            database.ForgetReadOnlySessions(exception);
            throw;
        }
    }

    private void BePassedBy()
    {
        bool begins;
        lock (_gate)
        {
            _slow++;
            begins = _waiting.Count > 0 && MayBegin();
        }

        if (begins)
        {
            BeginWork();
        }
    }

    private void Rejoin()
    {
        lock (_gate)
        {
            _slow--;
        }
    }

    /// <summary>To be called under the lock; who is told so begins the work after it.</summary>
    private bool MayBegin()
    {
        if (_underWay == MostUnderWay)
        {
            return false;
        }

        _underWay++;
        return true;
    }

    private void BeginWork() => _ = isLatencyBound ? WorkAsync() : Task.Run(WorkAsync, CancellationToken.None);

    /// <returns>False if nothing waits, and then this worker has ended.</returns>
    private bool IsNeeded()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _underWay--;
                return false;
            }

            return true;
        }
    }

    private Batch<TItem, TResult> Take()
    {
        lock (_gate)
        {
            return Batch<TItem, TResult>.Of(_waiting, keyOf, Largest);
        }
    }
}
