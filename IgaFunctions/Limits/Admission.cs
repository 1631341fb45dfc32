using Iga.Http;
using Iga.Keys;
using Iga.Models.Catalog;
using Iga.Tasks;
using Npgsql;

namespace Iga.Limits;

/// <summary>
/// Decides whether the service takes a new task on. What all processes have under way is counted in the table of keys about once
/// a second, beside the requests; only what is about to be refused waits for a new count. So several processes together may take
/// on a little more than the limits: what the others accept within a second.
/// </summary>
public sealed class Admission(
    LimitOptions limits, TaskCounts counts, IdempotencyStore store, ModelCatalog catalog, TimeProvider time, ILogger<Admission> logger)
{
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);

    /// <summary>Where a count takes long, none follows for so many times as long, so that it costs PostgreSQL little.</summary>
    private const int RestAfterCount = 20;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(10);

    /// <summary>A count that takes longer is given up, and the next one tried.</summary>
    private static readonly TimeSpan CountTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Tally _all = new();
    private readonly Dictionary<string, LimitedCaller> _callers =
        limits.Callers.ToDictionary(caller => caller.Key, caller => new LimitedCaller(caller.Key, caller.Value, time), StringComparer.Ordinal);

    private readonly string[] _spenders =
        [.. limits.Callers.Where(caller => caller.Value.SpendPerDay is not null).Select(caller => caller.Key)];

    private Task _counting = Task.CompletedTask;
    private bool _isCounted;
    private long? _lastCount;
    private TimeSpan _rest = CountInterval;

    /// <summary>To be asked before the task's key is claimed. A repeat of a known key is let through whatever the limits say.</summary>
    /// <returns>The task's place, which ends with <see cref="Place.End"/>; null for a repeat that no limit lets in as a new task.</returns>
    /// <exception cref="RejectedException">A limit is reached, and the key is new or its task failed.</exception>
    /// <exception cref="NpgsqlException">Whether the key is known can't be found out.</exception>
    internal ValueTask<Place?> EnterAsync(ImageTask task, CancellationToken cancellationToken)
    {
        Place? place;
        lock (_gate)
        {
            if (IsStale && _counting.IsCompleted)
            {
                // The request's log scope must not leak into it.
                using var _ = ExecutionContext.SuppressFlow();
                _counting = Task.Run(CountAsync, CancellationToken.None);
            }

            place = _isCounted && Check(task, out var entered) is null ? entered : null;
        }

        return place is not null ? ValueTask.FromResult<Place?>(place) : EnterSlowlyAsync(task, cancellationToken);
    }

    private bool IsStale => _lastCount is not { } last || time.GetElapsedTime(last) >= _rest;

    private async ValueTask<Place?> EnterSlowlyAsync(ImageTask task, CancellationToken cancellationToken)
    {
        await _counting.WaitAsync(cancellationToken);
        Refusal? refusal;
        lock (_gate)
        {
            refusal = Check(task, out var place);
            if (refusal is null)
            {
                return place;
            }
        }

        return await store.IsKnownAsync(task, cancellationToken) ? null : throw refusal.ToException();
    }

    /// <summary>To be called under the lock.</summary>
    private Refusal? Check(ImageTask task, out Place? place)
    {
        place = null;
        if (_all.Tasks >= limits.MaxPending)
        {
            return Refusal.Full;
        }

        var caller = task.Caller is { } name && _callers.TryGetValue(name, out var limited) ? limited : null;
        var usd = caller is null ? 0 : catalog.PriceOf(task.Request.ModelId, task.Request.ImageSize);
        if (caller?.Check(usd) is { } refusal)
        {
            return refusal;
        }

        _all.Enter(0);
        caller?.Enter(usd);
        place = new Place(this, caller, usd);
        return null;
    }

    private void Leave(LimitedCaller? caller, decimal usd, bool isTask)
    {
        lock (_gate)
        {
            _all.Leave(0, isTask);
            caller?.Leave(usd, isTask);
        }
    }

    private async Task CountAsync()
    {
        var began = time.GetTimestamp();
        lock (_gate)
        {
            _all.BeginCount();
            foreach (var caller in _callers.Values)
            {
                caller.Tally.BeginCount();
            }
        }

        var rest = CountInterval;
        try
        {
            using var timeout = new CancellationTokenSource(CountTimeout);
            Take(await counts.ReadAsync(_callers.Count > 0, _spenders, timeout.Token));
            rest = time.GetElapsedTime(began) * RestAfterCount;
        }
        catch (Exception exception)
        {
            // Then no key can be claimed either. What was counted before still holds, as far as it goes.
            logger.LogWarning(exception, "The tasks under way could not be counted");
        }

        lock (_gate)
        {
            _lastCount = time.GetTimestamp();
            _rest = rest < CountInterval ? CountInterval : rest > LongestRest ? LongestRest : rest;
        }
    }

    private void Take(IReadOnlyList<TaskCount> found)
    {
        var ofCallers = found.ToLookup(count => count.Caller ?? "");
        lock (_gate)
        {
            _all.Counted(found.Sum(count => count.Pending), 0);
            foreach (var (name, caller) in _callers)
            {
                caller.Tally.Counted(ofCallers[name].Sum(count => count.Pending), ofCallers[name].Sum(UsdOf));
            }

            _isCounted = true;
        }
    }

    private decimal UsdOf(TaskCount count) =>
        count.SpentUsd + (count.Unpaid == 0 ? 0 : count.Unpaid * catalog.PriceOf(count.ModelId!, count.ImageSize));

    /// <summary>One request on its way to become a task.</summary>
    internal sealed class Place(Admission admission, LimitedCaller? caller, decimal usd)
    {
        /// <param name="isTask">Whether a new task came of it.</param>
        public void End(bool isTask) => admission.Leave(caller, usd, isTask);
    }
}
