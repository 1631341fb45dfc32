using Npgsql;

namespace Iga.Postgres;

/// <summary>Reads what may be null, and what every statement about tasks reads alike.</summary>
internal static class ReadColumns
{
    public static string? TextOrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTimeOffset? TimeOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    /// <summary>Runs a statement that returns ids.</summary>
    public static async Task<List<Guid>> ReadIdsAsync(this NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<Guid> ids = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }
}
