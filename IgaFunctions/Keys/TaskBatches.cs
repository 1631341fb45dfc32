using Iga.Postgres;
using Npgsql;

namespace Iga.Keys;

/// <summary>Changes many tasks in batches, each a commit of its own, in the order of their ids.</summary>
internal static class TaskBatches
{
    private const int Size = 500;

    /// <param name="statement">Changes the first <c>@batch</c> tasks after <c>@after</c>, and returns their ids.</param>
    /// <param name="addParameters">Adds the statement's other parameters.</param>
    /// <returns>How many tasks were changed.</returns>
    public static async Task<int> RunAsync(
        NpgsqlDataSource dataSource, string statement, Action<NpgsqlCommand> addParameters, CancellationToken cancellationToken)
    {
        var after = Guid.Empty;
        var changed = 0;
        List<Guid> batch;
        do
        {
            batch = await PostgresRetries.RunAsync(dataSource, RunBatchAsync, cancellationToken);
            changed += batch.Count;

            // In PostgreSQL's order, which is that of the digits, and not that of .NET's Guid.
            after = batch.Count > 0 ? batch.MaxBy(id => id.ToString(), StringComparer.Ordinal) : after;
        }
        while (batch.Count == Size);

        return changed;

        async Task<List<Guid>> RunBatchAsync(CancellationToken token)
        {
            await using var command = dataSource.CreateCommand(statement);
            command.With("after", after).With("batch", Size);
            addParameters(command);
            return await command.ReadIdsAsync(token);
        }
    }
}
