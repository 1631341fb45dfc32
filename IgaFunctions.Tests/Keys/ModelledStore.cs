using Iga.Keys;
using Iga.Tasks;

namespace Iga.Tests.Keys;

/// <summary>Plays moves on the store and on its model, and compares what both answer and hold after each.</summary>
internal sealed class ModelledStore(AttackedStore attacked)
{
    private static readonly string[] Ages = ["fresh", "ageing", "stale", "stale"];

    private readonly TableModel _model = new();
    private readonly string[] _keys = [$"key-{Guid.NewGuid():N}", $"key-{Guid.NewGuid():N}"];
    private readonly Dictionary<string, List<ImageTask>> _tasks = [];

    public async Task PlayAsync(StoreMove[] moves)
    {
        foreach (var key in _keys)
        {
            await attacked.AddRowsOfOthersAsync(key);
        }

        var others = await attacked.RowsOfOthersAsync();
        foreach (var move in moves)
        {
            (var expected, var actual) = await PlayAsync(move);
            Assert.True(Equals(expected, actual), $"{move}: {actual} instead of {expected}");
            await CompareRowAsync(_keys[move.Key], move);
        }

        foreach (var task in _tasks.Values.SelectMany(tasks => tasks))
        {
            Assert.Equal(_model.RecordOf(task.TaskId), await attacked.RecordOfAsync(task.TaskId));
        }

        foreach (var key in _keys)
        {
            Assert.Contains(key, others, StringComparison.Ordinal);
        }

        var after = await attacked.RowsOfOthersAsync();
        Assert.All(others.Split('\n'), row => Assert.Contains(row, after, StringComparison.Ordinal));
    }

    private async Task<(object? Expected, object? Actual)> PlayAsync(StoreMove move)
    {
        var key = _keys[move.Key];
        var tasks = _tasks.TryGetValue(key, out var known) ? known : _tasks[key] = [];
        switch (move.Kind)
        {
            case StoreMove.Kinds.Claim:
                tasks.Add(AttackedStore.NewTask(key, $"fingerprint {(move.Variant == 0 ? 1 : 0)}"));
                return (_model.Claim(tasks[^1]), await attacked.Store.ClaimAsync(tasks[^1], default));
            case StoreMove.Kinds.Age:
                await attacked.AgeAsync(key, (move.Variant % 4) switch
                {
                    0 => TimeSpan.Zero,
                    1 => AttackedStore.LockTimeout / 2,
                    _ => AttackedStore.LockTimeout * 2,
                });
                _model.Age(key, Ages[move.Variant % 4]);
                return default;
            case StoreMove.Kinds.ReplacedSystem:
                await AddRowOfReplacedSystemAsync(key, move.Variant);
                return default;
            case var _ when tasks.Count == 0:
                return default;
            default:
                return await PlayAsync(move.Kind, tasks[Math.Max(tasks.Count - 1 - move.Task, 0)]);
        }
    }

    private async Task<(object? Expected, object? Actual)> PlayAsync(StoreMove.Kinds kind, ImageTask task)
    {
        switch (kind)
        {
            case StoreMove.Kinds.Confirm:
                return (_model.Confirm(task), await attacked.Store.ConfirmAsync(task, default));
            case StoreMove.Kinds.Renew:
                return (_model.Renew(task), await attacked.Store.RenewLockAsync(task, default));
            case StoreMove.Kinds.RecordStaged:
                return (_model.RecordStaged(task), await attacked.Store.RecordStagedAsync(task, AttackedStore.StagedOf(task), default));
            case StoreMove.Kinds.Complete:
                return (_model.Complete(task), await attacked.Store.CompleteAsync(task, AttackedStore.ResultOf(task), default));
            case StoreMove.Kinds.Fail:
                return (_model.Fail(task), await attacked.Store.FailAsync(task, AttackedStore.ErrorOf(task), default));
            case StoreMove.Kinds.Release:
                _model.Release(task);
                await attacked.Store.ReleaseAsync(task, default);
                return default;

            // Only at once: a claim is not repeated after others have seen its row.
            case StoreMove.Kinds.ClaimAgain when _model.Rows.GetValueOrDefault(task.IdempotencyKey) is { IsFree: false } row
                && row.IsInFlightOf(task.TaskId):
                return (_model.Claim(task), await attacked.Store.ClaimAsync(task, default));
            default:
                return default;
        }
    }

    private async Task AddRowOfReplacedSystemAsync(string key, int variant)
    {
        if (_model.Rows.ContainsKey(key))
        {
            return;
        }

        var status = (variant % 4) switch { 0 => "completed", 1 => "failed", _ => "processing" };
        var (isOld, isLocked, hasResult) = ((variant & 4) != 0, (variant & 8) != 0, status == "completed" && (variant & 8) != 0);
        await attacked.ExecuteAsync(
            """
            insert into idempotency_keys (idempotency_key, task_name, created_at, locked_at, status, result_payload)
            values ($1, $2, now() - $3, case when $4 then now() - $3 end, $5, $6::jsonb)
            """,
            attacked.StoredKey(key), AttackedStore.TaskName, isOld ? TimeSpan.FromDays(1) : TimeSpan.Zero, isLocked, status,
            hasResult ? """{"image_url": "gs://b/old", "prompt_used": "p", "model_version": "vertex-ai-m"}""" : """{"other": 1}""");
        _model.Rows[key] = new ModelRow(
            null, status, null, !isLocked ? "none" : isOld ? "stale" : "fresh", hasResult ? "gs://b/old" : null, null, IsOld: isOld);
    }

    private async Task CompareRowAsync(string key, StoreMove move)
    {
        await using var command = attacked.Database.CreateCommand("""
            select task_id, status, request_fingerprint,
                   case when locked_at is null then 'none' when locked_at > now() - $3 / 4 then 'fresh'
                        when locked_at > now() - $3 then 'ageing' else 'stale' end,
                   result_payload->>'image_url', error_payload->>'message',
                   task_id is not null and coalesce(locked_at = created_at, false), created_at < now() - $3,
                   (staged_image->>'size')::bigint
            from idempotency_keys where idempotency_key = $1 and task_name = $2
            """);
        command.Parameters.Add(new() { Value = attacked.StoredKey(key) });
        command.Parameters.Add(new() { Value = AttackedStore.TaskName });
        command.Parameters.Add(new() { Value = AttackedStore.LockTimeout });
        await using var reader = await command.ExecuteReaderAsync();
        var row = await reader.ReadAsync()
            ? new ModelRow(
                reader.IsDBNull(0) ? null : reader.GetGuid(0), reader.GetString(1), Text(2), reader.GetString(3), Text(4), Text(5),
                reader.GetBoolean(6), reader.GetBoolean(7), reader.IsDBNull(8) ? null : reader.GetInt64(8))
            : null;
        Assert.True(_model.Rows.GetValueOrDefault(key) == row, $"after {move}: {row} instead of {_model.Rows.GetValueOrDefault(key)}");

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }
}
