using Npgsql;
using NpgsqlTypes;

namespace Iga.Postgres;

/// <summary>What the statements of batches have in common.</summary>
internal static class BatchCommand
{
    /// <summary>
    /// The items as rows, in a query's <c>from</c>: a column for each array, then the ordinality. The limit cuts nothing off.
    /// It makes the planner expect few rows, so that it looks each up by its key: it keeps plans that it made when a table
    /// was small, and would else read all of it however large it has become.
    /// </summary>
    /// <param name="arrays">Names of parameters.</param>
    public static string RowsOf(params string[] arrays) =>
        $"(select * from unnest({string.Join(", ", arrays.Select(name => $"@{name}"))}) with ordinality limit cardinality(@{arrays[0]}))";

    /// <summary>Adds one array with a value of each item, for <c>unnest</c>.</summary>
    public static NpgsqlCommand WithAll<TItem, TValue>(
        this NpgsqlCommand command, string name, NpgsqlDbType type, IReadOnlyList<TItem> items, Func<TItem, TValue> valueOf)
    {
        var values = new TValue[items.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = valueOf(items[i]);
        }

        command.Parameters.Add(new NpgsqlParameter(name, NpgsqlDbType.Array | type) { Value = values });
        return command;
    }

    /// <summary>Runs a statement that returns the ordinality, an int from 1, of every item that it found.</summary>
    /// <returns>For each of so many items whether it was found.</returns>
    public static async Task<IReadOnlyList<bool>> ReadFoundAsync(
        this NpgsqlCommand command, int count, CancellationToken cancellationToken)
    {
        var found = new bool[count];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetInt32(0) - 1] = true;
        }

        return found;
    }
}
