using Iga.Configuration;
using Iga.Postgres;
using Iga.Tests.Durable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Iga.Tests.Configuration;

public sealed class PostgresTlsSettingsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData("postgresql://iga:s3cret@db/x", "verify-full", null, SslMode.VerifyFull)]
    [InlineData("postgresql://iga:s3cret@db/x?sslmode=verify-full", "verify-full", null, SslMode.VerifyFull)]
    [InlineData("postgresql://iga:s3cret@db/x?sslmode=require", null, "{file}", SslMode.VerifyCA)]
    [InlineData("postgresql://iga:s3cret@db/x", null, "system", SslMode.VerifyFull)]
    [InlineData("postgresql://iga:s3cret@db/x?sslmode=verify-full&sslrootcert=system", null, "system", SslMode.VerifyFull)]
    [InlineData("Host=db;Username=iga;Password=s3cret;Database=x", "require", "{file}", SslMode.VerifyCA)]
    [InlineData("Host=db;Username=iga;Password=s3cret;Database=x;SSL Mode=Disable", "disable", null, SslMode.Disable)]
    public void They_complete_what_an_address_says(string url, string? mode, string? authority, SslMode expected)
    {
        var (connection, errors) = Read(url, mode, authority);

        Assert.Empty(errors);
        Assert.Equal(expected, connection.SslMode);
        Assert.Equal(authority == "{file}" ? _file : null, connection.RootCertificate);
    }

    [Theory]
    [InlineData("postgresql://iga:s3cret@db/x?sslmode=require", "verify-full", null, "say different things of sslmode")]
    [InlineData("Host=db;Username=iga;Database=x;SSL Mode=Prefer", "verify-full", null, "say different things of sslmode")]
    [InlineData("postgresql://iga:s3cret@db/x?sslmode=verify-full&sslrootcert=system", null, "{file}", "say different things of sslrootcert")]
    [InlineData("Host=db;Username=iga;Database=x;Root Certificate=/etc/ca.pem", null, "system", "say different things of sslrootcert")]
    [InlineData("postgresql://iga:s3cret@db/x", "on", null, "POSTGRES_SSLMODE is 'on': must be disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgresql://iga:s3cret@db/x", null, "/nowhere/ca.pem", "POSTGRES_SSLROOTCERT is '/nowhere/ca.pem': must be the path of a file")]
    [InlineData("postgresql://iga:s3cret@db/x", "require", "system", "sslrootcert=system wants sslmode=verify-full")]
    public void What_contradicts_itself_stops_the_start(string url, string? mode, string? authority, string expected)
    {
        var (_, errors) = Read(url, mode, authority);

        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db.example.com", true)]
    [InlineData("Host=db.example.com;SSL Mode=Require", true)]
    [InlineData("Host=10.0.0.1", true)]
    [InlineData("Host=127.0.0.1:5432,db.example.com:5433", true)]
    [InlineData("Host=[2001:db8::1]:5432,localhost", true)]
    [InlineData("Host=db.example.com;SSL Mode=VerifyCA", false)]
    [InlineData("Host=db.example.com;SSL Mode=VerifyFull", false)]
    [InlineData("Host=localhost", false)]
    [InlineData("Host=::1", false)]
    [InlineData("Host=127.0.0.1:5432,[::1]:5433", false)]
    [InlineData("Host=/cloudsql/project:region:instance", false)]
    public void A_server_on_another_machine_that_is_not_looked_at_is_warned_of(string connectionString, bool isWarned)
    {
        using var log = new LogCapture();
        using var loggers = new LoggerFactory([log]);

        PostgresDataSource.Create(connectionString, loggers).Dispose();

        Assert.Equal(isWarned ? 1 : 0, log.Entries.Count(entry => entry.Level == LogLevel.Warning
            && entry.Message.Contains("set POSTGRES_SSLMODE to verify-full", StringComparison.Ordinal)));
    }

    public void Dispose() => File.Delete(_file);

    private (NpgsqlConnectionStringBuilder Connection, IReadOnlyList<string> Errors) Read(string url, string? mode, string? authority)
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IGA_POSTGRES_DB_URL"] = url,
            ["POSTGRES_SSLMODE"] = mode,
            ["POSTGRES_SSLROOTCERT"] = authority?.Replace("{file}", _file, StringComparison.Ordinal),
        }).Build());
        var connection = new NpgsqlConnectionStringBuilder(PostgresSettings.ReadConnectionString(settings));
        return (connection, Record.Exception(settings.ThrowIfInvalid) is ConfigurationException wrong ? wrong.Errors : []);
    }
}
