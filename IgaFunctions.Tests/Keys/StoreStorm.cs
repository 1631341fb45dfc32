using System.Collections.Concurrent;
using Iga.Keys;
using Iga.Tasks;

namespace Iga.Tests.Keys;

/// <summary>
/// Many callers at once on a few keys: each claims, and acts in the name of any task that any of them knows, also of tasks that
/// lost their key long ago. Locks age at random meanwhile, and other services write their rows.
/// </summary>
internal sealed class StoreStorm(AttackedStore attacked, int seed)
{
    private const int Callers = 10;
    private const int MovesEach = 40;

    private readonly ConcurrentDictionary<Guid, TaskCalls> _calls = [];
    private readonly ConcurrentDictionary<string, ConcurrentStack<TaskCalls>> _tasks = [];
    private readonly ConcurrentQueue<(string Key, Claim Claim)> _answers = [];

    public string[] Keys { get; } = [.. Enumerable.Range(0, 3).Select(index => $"storm-{seed}-{index}-{Guid.NewGuid():N}")];

    public IReadOnlyDictionary<Guid, TaskCalls> Calls => _calls;

    /// <summary>What claims were answered but Won.</summary>
    public IEnumerable<(string Key, Claim Claim)> Answers => _answers;

    /// <returns>How often the other services' rows were written.</returns>
    public async Task<int> RunAsync()
    {
        var others = 0;
        foreach (var key in Keys)
        {
            await attacked.AddRowsOfOthersAsync(key);
        }

        // The replaced system holds one of the keys, fresh or stale.
        await attacked.ExecuteAsync(
            "insert into idempotency_keys (idempotency_key, task_name, status, locked_at) values ($1, $2, 'processing', now() - $3)",
            attacked.StoredKey(Keys[0]), AttackedStore.TaskName, seed % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromDays(1));

        var callers = Enumerable.Range(0, Callers).Select(index => Task.Run(() => CallAsync(new Random(seed + index)))).ToArray();
        var disturber = Task.Run(async () =>
        {
            var random = new Random(~seed);
            while (callers.Any(caller => !caller.IsCompleted))
            {
                await attacked.AgeAsync(
                    Keys[random.Next(Keys.Length)], random.Next(2) == 0 ? AttackedStore.LockTimeout * 2 : AttackedStore.LockTimeout / 2);
                await attacked.ExecuteAsync(
                    "update idempotency_keys set result_payload = to_jsonb($2::int) where idempotency_key = $1 and task_name = 'generate_snippet_task'",
                    Keys[random.Next(Keys.Length)], ++others);
            }
        });
        await Task.WhenAll([.. callers, disturber]);
        return others;
    }

    private async Task CallAsync(Random random)
    {
        for (var move = 0; move < MovesEach; move++)
        {
            var key = Keys[random.Next(Keys.Length)];
            var known = _tasks.GetOrAdd(key, _ => []);
            if (random.Next(3) == 0 || known.IsEmpty)
            {
                await ClaimAsync(AttackedStore.NewTask(key, random.Next(8) == 0 ? "fingerprint 2" : "fingerprint 1"), known);
                continue;
            }

            // The youngest mostly; the older ones lost their key, and know nothing of it.
            await ActAsync(random.Next(13), known.Skip(Math.Min(random.Next(6), random.Next(6))).FirstOrDefault() ?? known.First());
        }
    }

    private async Task ClaimAsync(ImageTask task, ConcurrentStack<TaskCalls> known)
    {
        var calls = _calls[task.TaskId] = new TaskCalls(task);
        Claim claim;
        try
        {
            claim = await attacked.Store.ClaimAsync(task, default);
        }
        catch (TimeoutException)
        {
            return; // The key is contended: the caller gets a 503. Should it own the row all the same, the audit tells.
        }

        if (claim is Claim.Won won)
        {
            Assert.Equal(task.TaskId, won.TaskId);
            calls.CountWon();
            known.Push(calls);
        }
        else
        {
            _answers.Enqueue((task.IdempotencyKey, claim));
        }
    }

    private async Task ActAsync(int action, TaskCalls calls)
    {
        var (store, task) = (attacked.Store, calls.Task);
        switch (action)
        {
            case < 3:
                Count(await store.ConfirmAsync(task, default) is Ownership.Owned, calls.CountRenewed);
                break;
            case < 5:
                Count(await store.RenewLockAsync(task, default), calls.CountRenewed);
                break;
            case < 6:
                await store.RecordStagedAsync(task, AttackedStore.StagedOf(task), default);
                break;
            case < 7:
                Count(await store.CompleteAsync(task, AttackedStore.ResultOf(task), default), calls.CountCompleted);
                break;
            case < 11:
                Count(await store.FailAsync(task, AttackedStore.ErrorOf(task), default), calls.CountFailed);
                break;
            default:
                calls.CountReleased();
                await store.ReleaseAsync(task, default);
                break;
        }
    }

    private static void Count(bool succeeded, Action count)
    {
        if (succeeded)
        {
            count();
        }
    }
}
