using Npgsql;
using NpgsqlTypes;

namespace Iga.Postgres;

/// <summary>The one way to add parameters: with their types spelled out, so that null works and prepared statements are found again.</summary>
internal static class CommandParameters
{
    public static NpgsqlCommand With(this NpgsqlCommand command, string name, string? value) =>
        command.With(name, NpgsqlDbType.Text, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, Guid? value) =>
        command.With(name, NpgsqlDbType.Uuid, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, int value) =>
        command.With(name, NpgsqlDbType.Integer, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, TimeSpan value) =>
        command.With(name, NpgsqlDbType.Interval, value);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, DateTime? utc) =>
        command.With(name, NpgsqlDbType.TimestampTz, utc);

    public static NpgsqlCommand With(this NpgsqlCommand command, string name, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter(name, type) { Value = value ?? DBNull.Value });
        return command;
    }
}
