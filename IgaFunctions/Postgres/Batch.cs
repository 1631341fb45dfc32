using System.Diagnostics;
using Iga.Tracing;
using Npgsql;

namespace Iga.Postgres;

/// <summary>Answers a batch with one statement: one answer for each item, in their order.</summary>
public delegate Task<IReadOnlyList<TResult>> BatchStatement<TItem, TResult>(
    NpgsqlConnection connection, IReadOnlyList<TItem> items, CancellationToken cancellationToken);

/// <summary>What one statement is asked for. Changed under the lock of its <see cref="Batcher{TItem, TResult}"/>.</summary>
internal sealed class Batch<TItem, TResult> : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private readonly List<BatchEntry<TItem, TResult>> _entries = [];

    private Batch()
    {
    }

    /// <summary>How many callers still wait for it.</summary>
    public int Awaited { get; set; }

    /// <summary>Takes the longest waiting out, up to so many; of those with one key the first.</summary>
    public static Batch<TItem, TResult> Of(
        LinkedList<BatchEntry<TItem, TResult>> waiting, Func<TItem, string>? keyOf, int largest)
    {
        var batch = new Batch<TItem, TResult>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var node = waiting.First; node is not null && batch._entries.Count < largest;)
        {
            var next = node.Next;
            if (keyOf is null || keys.Add(keyOf(node.Value.Item)))
            {
                waiting.Remove(node);
                node.Value.Batch = batch;
                batch._entries.Add(node.Value);
            }

            node = next;
        }

        batch.Awaited = batch._entries.Count;
        return batch;
    }

    /// <summary>Never throws: what goes wrong is the callers' answer.</summary>
    public Task AnswerAsync(NpgsqlConnection connection, BatchStatement<TItem, TResult> statement) =>
        AnswerAsync(_entries, connection, statement);

    public void Fail(Exception exception) => Fail(_entries, exception);

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

    private async Task AnswerAsync(
        List<BatchEntry<TItem, TResult>> entries, NpgsqlConnection connection, BatchStatement<TItem, TResult> statement)
    {
        if (entries.Count == 0)
        {
            return;
        }

        using var span = BeginSpan(entries);
        try
        {
            var answers = await statement(connection, [.. entries.Select(entry => entry.Item)], _abandoned.Token);
            for (var i = 0; i < entries.Count; i++)
            {
                entries[i].Answer.TrySetResult(answers[i]);
            }
        }
        catch (PostgresException exception) when (entries.Count > 1 && !exception.IsPassing())
        {
            // One of them is to blame; the others must not suffer for it.
            foreach (var entry in entries)
            {
                await AnswerAsync([entry], connection, statement);
            }
        }
        catch (Exception exception)
        {
            Fail(entries, exception);
        }
    }

    private static Activity? BeginSpan(List<BatchEntry<TItem, TResult>> entries)
    {
        List<ActivityContext>? spans = null;
        foreach (var entry in entries)
        {
            if (entry.Span is { } span)
            {
                (spans ??= []).Add(span);
            }
        }

        return spans is null ? null : Spans.BeginShared("postgres batch", spans);
    }

    private static void Fail(List<BatchEntry<TItem, TResult>> entries, Exception exception)
    {
        foreach (var entry in entries)
        {
            entry.Answer.TrySetException(exception);
        }
    }
}
