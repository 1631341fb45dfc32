using System.Data.Common;
using System.Net.Sockets;
using Npgsql;
using NpgsqlTypes;

namespace Iga.LocalHost.Durable.Store;

/// <summary>Parameters with their types spelled out, so that null works and prepared statements are found again.</summary>
internal static class SqlExtensions
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

    /// <summary>Whether an exception says that the database failed, not the code that called it.</summary>
    public static bool IsDatabaseFault(this Exception exception) =>
        exception is DbException or TimeoutException or SocketException or IOException;
}
