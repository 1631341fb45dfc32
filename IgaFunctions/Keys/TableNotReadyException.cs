using Npgsql;

namespace Iga.Keys;

/// <summary>
/// PostgreSQL answers, but the database is not the one that this version needs; the message says what to do. One of Npgsql's, since
/// it means the same to callers and tasks as a database that is out of reach: they are told to come back, or wait.
/// </summary>
public sealed class TableNotReadyException(string message) : NpgsqlException(message);
