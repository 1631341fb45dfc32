using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Iga.LocalHost.Durable.Engine;

/// <summary>A task that an orchestrator has asked for and that has not ended.</summary>
internal abstract class PendingTask(int id, string name)
{
    public const string TimerName = "timer";

    public int Id { get; } = id;

    public string Name { get; } = name;

    /// <summary>Ends the task; what awaits it runs before this returns.</summary>
    public abstract void End(HistoryEvent ended);

    internal sealed class Timer(int id, DateTime fireAt) : PendingTask(id, TimerName)
    {
        private readonly TaskCompletionSource _completion = new();

        public DateTime FireAt { get; } = fireAt;

        public Task Task => _completion.Task;

        public override void End(HistoryEvent ended) => _completion.TrySetResult();

        public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);

        public override string ToString() => $"timer #{Id} until {FireAt:O}";
    }

    /// <summary>An activity whose result the runtime need not know the type of.</summary>
    internal abstract class Activity(int id, string name, string? input) : PendingTask(id, name)
    {
        public string? Input { get; } = input;

        // Inputs are compared and told apart by their hash: their text may not be for everybody who reads a failure.
        public override string ToString()
        {
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(Input ?? ""));
            return $"activity #{Id} '{Name}' (input {Convert.ToHexStringLower(hash.AsSpan(0, 4))})";
        }
    }

    internal sealed class Activity<T>(int id, string name, string? input) : Activity(id, name, input)
    {
        private readonly TaskCompletionSource<T> _completion = new();

        public Task<T> Task => _completion.Task;

        public override void End(HistoryEvent ended)
        {
            if (ended.Kind == HistoryEventKind.Failed)
            {
                var details = DurableJson.Deserialize<TaskFailureDetails>(ended.Payload)!;
                _completion.SetException(new TaskFailedException(Name, Id, details));
                return;
            }

            T result;
            try
            {
                result = DurableJson.Deserialize<T>(ended.Payload)!;
            }
            catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
            {
                _completion.SetException(unreadable);
                return;
            }

            _completion.SetResult(result);
        }
    }
}
