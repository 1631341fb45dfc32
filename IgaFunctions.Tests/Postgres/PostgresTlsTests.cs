using System.Security.Authentication;
using Iga.Configuration;
using Iga.Postgres;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>What POSTGRES_SSLMODE and POSTGRES_SSLROOTCERT do to real connections.</summary>
public sealed class PostgresTlsTests(PostgresWithTls server) : IClassFixture<PostgresWithTls>
{
    [Theory]
    [InlineData("localhost", "verify-full", true)]
    [InlineData("127.0.0.1", "verify-full", true)]
    [InlineData("127.0.0.2", "verify-ca", true)]
    [InlineData("127.0.0.2", "require", true)] // as verify-ca, where an authority is named
    [InlineData("127.0.0.2", "require", false)]
    public async Task A_server_that_is_the_one_meant_is_spoken_to_over_TLS(string host, string mode, bool namesAuthority)
    {
        Assert.Equal(true, await IsEncryptedAsync(Read(host, mode, namesAuthority ? server.Authority : null)));
    }

    [Theory]
    [InlineData("127.0.0.2", "verify-full", "authority")] // which the certificate does not name
    [InlineData("localhost", "verify-full", "other")]
    [InlineData("localhost", "verify-ca", "other")]
    [InlineData("localhost", "require", "other")]
    [InlineData("localhost", "verify-full", null)] // the machine does not trust a test's authority
    [InlineData("localhost", "verify-full", "system")]
    public async Task A_server_that_another_could_pose_as_is_not_told_the_password(string host, string mode, string? authority)
    {
        var file = authority switch { "authority" => server.Authority, "other" => server.OtherAuthority, _ => authority };

        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => IsEncryptedAsync(Read(host, mode, file)));

        Assert.IsType<AuthenticationException>(fault.InnerException);
    }

    [Fact]
    public async Task A_server_without_TLS_is_not_told_the_password_either()
    {
        var plain = new NpgsqlConnectionStringBuilder(await TestCluster.CreateDatabaseAsync());

        await Assert.ThrowsAnyAsync<NpgsqlException>(() => IsEncryptedAsync(Read("localhost", "verify-full", server.Authority, plain)));
    }

    private static async Task<object?> IsEncryptedAsync(string connectionString)
    {
        await using var database = PostgresDataSource.Create(connectionString);
        return await database.ScalarAsync<object>("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
    }

    private string Read(string host, string mode, string? authority, NpgsqlConnectionStringBuilder? at = null)
    {
        var target = at ?? server.Server;
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["POSTGRES_HOST"] = host,
            ["POSTGRES_PORT"] = $"{target.Port}",
            ["POSTGRES_USER"] = target.Username,
            ["POSTGRES_PASSWORD"] = target.Password,
            ["POSTGRES_DB"] = target.Database,
            ["POSTGRES_SSLMODE"] = mode,
            ["POSTGRES_SSLROOTCERT"] = authority,
        }).Build());
        return PostgresSettings.ReadConnectionString(settings);
    }
}
