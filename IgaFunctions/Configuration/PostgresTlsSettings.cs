using Npgsql;

namespace Iga.Configuration;

/// <summary>
/// POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT, in the words of libpq's sslmode and sslrootcert. They hold beside the five variables and
/// beside an address, which may say the same, and may not say otherwise.
/// </summary>
internal static class PostgresTlsSettings
{
    private static readonly (string Variable, string Parameter, string Keyword)[] All =
    [
        ("POSTGRES_SSLMODE", "sslmode", "SSL Mode"),
        ("POSTGRES_SSLROOTCERT", "sslrootcert", "Root Certificate"),
    ];

    /// <param name="connection">What was read so far, which is completed.</param>
    /// <param name="address">What it was read from; null where that was no address in libpq's form.</param>
    public static void Apply(Settings settings, NpgsqlConnectionStringBuilder connection, PostgresAddress? address)
    {
        var given = All.Where(one => settings.IsSet(one.Variable)).ToArray();
        if (given.Length == 0 && address is null)
        {
            return; // Npgsql's own form means what it means to Npgsql
        }

        var trustsSystem = address?.Parameters.Contains(("sslrootcert", "system")) == true;
        foreach (var (variable, parameter, keyword) in given)
        {
            var said = connection.ShouldSerialize(keyword) ? connection[keyword] : null;
            try
            {
                PostgresSecurity.TryApply(connection, parameter, settings.Text(variable)!);
            }
            catch (FormatException exception)
            {
                settings.Error(variable, settings.Text(variable)!, exception.Message);
                return;
            }

            var isSystem = parameter == "sslrootcert" && settings.Text(variable) == "system";
            if ((said is not null && !said.Equals(connection[keyword])) || (parameter == "sslrootcert" && trustsSystem && !isSystem))
            {
                settings.Error($"{variable} and {PostgresSettings.UrlName} say different things of {parameter}: set one of them");
                return;
            }

            trustsSystem |= isSystem;
        }

        try
        {
            PostgresSecurity.Settle(connection, trustsSystem);
        }
        catch (FormatException exception)
        {
            var names = given.Select(one => one.Variable).Append(PostgresSettings.UrlName);
            settings.Error($"{string.Join(", ", names)}: {exception.Message}");
        }
    }
}
