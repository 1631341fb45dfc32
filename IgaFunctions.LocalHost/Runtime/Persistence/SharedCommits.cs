using Npgsql;

namespace Iga.LocalHost.Runtime;

/// <summary>
/// Lets statements that come at the same time share a round trip and a commit. A statement that comes alone runs at once, as
/// it would without; only while all connections that this may use are busy do statements wait, and go together then.
/// </summary>
/// <remarks>
/// Every statement of a group is committed when its caller is told of its result. One that PostgreSQL refuses takes the others
/// of its group with it, none of them being committed: then each runs again by itself.
/// </remarks>
internal sealed class SharedCommits(NpgsqlDataSource database)
{
    private const int Connections = 4;
    private const int LargestGroup = 64;

    private readonly Lock gate = new();
    private readonly Queue<Statement> waiting = [];
    private int busy;

    /// <returns>The first column of the statement's only row.</returns>
    public Task<object?> ExecuteScalarAsync(NpgsqlBatchCommand command)
    {
        Statement statement = new(command);
        lock (gate)
        {
            waiting.Enqueue(statement);
            if (busy == Connections)
            {
                return statement.Result.Task;
            }

            busy++;
        }

        _ = WorkAsync();
        return statement.Result.Task;
    }

    private async Task WorkAsync()
    {
        List<Statement> group = [];
        while (true)
        {
            lock (gate)
            {
                while (group.Count < LargestGroup && waiting.TryDequeue(out var next))
                {
                    group.Add(next);
                }

                if (group.Count == 0)
                {
                    busy--;
                    return;
                }
            }

            await RunAsync(group);
            group.Clear();
        }
    }

    private async Task RunAsync(List<Statement> group)
    {
        try
        {
            await TryAsync(group);
        }
        catch (PostgresException exception) when (group.Count > 1 && exception.InvariantSeverity == "ERROR")
        {
            foreach (var statement in group)
            {
                await RunAsync([statement with { Command = Copy(statement.Command) }]);
            }
        }
        catch (Exception exception)
        {
            foreach (var statement in group)
            {
                statement.Result.TrySetException(exception);
            }
        }
    }

    private async Task TryAsync(List<Statement> group)
    {
        var results = new object?[group.Count];
        await using (var connection = await database.OpenConnectionAsync())
        {
            await using NpgsqlBatch batch = new(connection);
            foreach (var statement in group)
            {
                batch.BatchCommands.Add(statement.Command);
            }

            await using var reader = await batch.ExecuteReaderAsync();
            for (var number = 0; number < results.Length; number++)
            {
                results[number] = await reader.ReadAsync() ? reader.GetValue(0) : null;

                // After the last statement this waits for the commit, and throws what it throws.
                await reader.NextResultAsync();
            }
        }

        for (var number = 0; number < results.Length; number++)
        {
            group[number].Result.TrySetResult(results[number]);
        }
    }

    /// <summary>Npgsql can't execute a batch's command in another batch.</summary>
    private static NpgsqlBatchCommand Copy(NpgsqlBatchCommand command)
    {
        NpgsqlBatchCommand copy = new(command.CommandText);
        foreach (NpgsqlParameter parameter in command.Parameters)
        {
            copy.Parameters.Add(parameter.Clone());
        }

        return copy;
    }

    private sealed record Statement(NpgsqlBatchCommand Command)
    {
        public TaskCompletionSource<object?> Result { get; init; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
