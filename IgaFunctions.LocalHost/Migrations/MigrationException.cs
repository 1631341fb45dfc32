using Npgsql;

namespace Iga.LocalHost.Migrations;

/// <summary>A migration could not be applied.</summary>
public sealed class MigrationException(string name, PostgresException cause)
    : Exception($"Migration {name} could not be applied: {cause.MessageText} ({cause.SqlState}). "
        + "The role needs the right to create and alter tables in this database.", cause);
