using Iga.Configuration;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace Iga.Tests.Configuration;

/// <summary>The addresses of databases that are in use, above all those that hosted databases hand out.</summary>
public sealed class PostgresAddressTests
{
    [Theory]
    [InlineData("postgresql://iga:p%40ss%2Fword@db:6543/aethercast", "db", 6543, "p@ss/word")]
    [InlineData("postgres://iga:secret@db/aethercast", "db", 5432, "secret")]
    [InlineData("postgresql://iga:secret@db/aethercast/", "db", 5432, "secret")]
    [InlineData("postgresql://iga:secret@db/aethercast?", "db", 5432, "secret")]
    [InlineData("postgresql+psycopg2://iga:secret@[::1]:5433/aethercast?sslmode=require", "::1", 5433, "secret")]
    [InlineData("postgresql://iga:secret@[::1]/aethercast", "::1", 5432, "secret")]
    [InlineData("Host=db;Port=7000;Username=iga;Password=secret;Database=aethercast", "db", 7000, "secret")]
    [InlineData("Host=db;Port=7000;Username=iga;Password=secret;Database=aethercast;Target Session Attributes=primary", "db", 7000, "secret")]
    [InlineData("postgresql://iga:se:c%3Fr%23et@db/aethercast", "db", 5432, "se:c?r#et")]
    [InlineData("postgresql:///aethercast?host=db&port=5433&user=iga&password=se%26cret", "db", 5433, "se&cret")]
    [InlineData("postgresql://iga:secret@/aethercast?host=/cloudsql/project:region:instance", "/cloudsql/project:region:instance", 5432, "secret")]
    [InlineData("postgresql://iga:secret@%2Fvar%2Frun%2Fpostgresql/aethercast", "/var/run/postgresql", 5432, "secret")]
    [InlineData("postgresql://iga:secret@one:5433,two/aethercast", "one:5433,two:5432", 5432, "secret")]
    [InlineData("postgresql://iga:secret@[::1]:5433,two:5434/aethercast", "[::1]:5433,two:5434", 5432, "secret")]
    [InlineData("postgresql://iga:secret@one,two/aethercast?port=6000", "one:6000,two:6000", 5432, "secret")]
    public void An_address_is_read_in_the_forms_that_are_in_use(string url, string host, int port, string password)
    {
        var settings = Read(url);

        Assert.Equal((host, port, password, "iga", "aethercast"),
            (settings.Host, settings.Port, settings.Password, settings.Username, settings.Database));
        NpgsqlDataSource.Create(settings).Dispose(); // Npgsql takes it
    }

    [Theory]
    // Neon, Azure, Amazon RDS, Aiven, Heroku, Supabase's pooler, Google Cloud SQL.
    [InlineData("sslmode=require&channel_binding=require", "SSL Mode=Require;Channel Binding=Require;Require Auth=ScramSHA256")]
    [InlineData("sslmode=verify-full&connect_timeout=10&application_name=images", "SSL Mode=VerifyFull;Timeout=10;Application Name=images")]
    [InlineData("sslmode=verify-full&sslrootcert={file}", "SSL Mode=VerifyFull;Root Certificate={file}")]
    [InlineData("sslmode=require&sslrootcert={file}", "SSL Mode=VerifyCA;Root Certificate={file}")]
    [InlineData("sslrootcert=system", "SSL Mode=VerifyFull")]
    [InlineData("sslcert={file}&sslkey={file}&sslpassword=x", "SSL Certificate={file};SSL Key={file};SSL Password=x")]
    [InlineData("sslmode=disable&gssencmode=disable", "SSL Mode=Disable;GSS Encryption Mode=Disable")]
    [InlineData("sslmode=require&sslnegotiation=direct&sslsni=1", "SSL Mode=Require;SSL Negotiation=Direct")]
    [InlineData("pgbouncer=true&sslmode=require", "Max Auto Prepare=0;SSL Mode=Require")]
    [InlineData("keepalives=1&keepalives_idle=30&keepalives_interval=10&keepalives_count=3", "TCP Keepalive=True;TCP Keepalive Time=30;TCP Keepalive Interval=10")]
    [InlineData("keepalives_interval=10", "TCP Keepalive=True;TCP Keepalive Time=7200;TCP Keepalive Interval=10")]
    [InlineData("client_encoding=UTF8&target_session_attrs=read-write&tcp_user_timeout=5000", "")]
    [InlineData("connect_timeout=0", "")]
    [InlineData("options=-c%20search_path%3Diga", "Options=\"-c search_path=iga\"")]
    [InlineData("require_auth=scram-sha-256,md5&krbsrvname=postgres", "Require Auth=ScramSHA256,MD5;Kerberos Service Name=postgres")]
    [InlineData("fallback_application_name=a&load_balance_hosts=disable", "Application Name=a;Load Balance Hosts=False")]
    [InlineData("Maximum%20Pool%20Size=7", "Maximum Pool Size=7")]
    public void A_parameter_says_what_it_says_to_libpq(string parameters, string expected)
    {
        var file = Path.GetTempFileName();

        var settings = Read($"postgresql://iga:secret@db/aethercast?{parameters.Replace("{file}", Uri.EscapeDataString(file), StringComparison.Ordinal)}");

        var plain = Read("postgresql://iga:secret@db/aethercast");
        var all = new NpgsqlConnectionStringBuilder($"{plain};{expected.Replace("{file}", file, StringComparison.Ordinal)}");
        Assert.True(all.EquivalentTo(settings), settings.ToString());
        NpgsqlDataSource.Create(settings).Dispose();
        File.Delete(file);
    }

    [Theory]
    [InlineData("postgresql://iga:secret@one,two/aethercast", "read-write")]
    [InlineData("postgresql://iga:secret@one,two/aethercast?target_session_attrs=any", "read-write")]
    [InlineData("postgresql://iga:secret@one,two/aethercast?target_session_attrs=primary", "primary")]
    [InlineData("postgresql://iga:secret@one/aethercast?target_session_attrs=primary", null)]
    public void Of_several_hosts_the_one_that_takes_writes_is_asked(string url, string? expected)
    {
        var settings = Read(url);

        Assert.Equal(expected, settings.TargetSessionAttributes);
        NpgsqlDataSource.Create(settings).Dispose();
    }

    [Theory]
    [InlineData("no_such_option=1", "no_such_option is not supported")]
    [InlineData("sslcrl=/etc/crl.pem", "sslcrl is not supported")]
    [InlineData("ssl_min_protocol_version=TLSv1.3", "ssl_min_protocol_version is not supported")]
    [InlineData("service=production", "service is not supported")]
    [InlineData("hostaddr=10.0.0.1", "hostaddr is not supported")]
    [InlineData("sslmode=on", "sslmode must be disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("sslrootcert=/nowhere/ca.pem", "sslrootcert must be the path of a file that is there")]
    [InlineData("sslmode=require&sslrootcert=system", "sslrootcert=system wants sslmode=verify-full")]
    [InlineData("sslnegotiation=direct", "sslnegotiation=direct wants sslmode=require")]
    [InlineData("channel_binding=always", "channel_binding must be disable, prefer, require")]
    [InlineData("gssencmode=on", "gssencmode must be")]
    [InlineData("require_auth=kerberos", "require_auth must be")]
    [InlineData("require_auth=md5,!gss", "require_auth is not allowed")]
    [InlineData("target_session_attrs=standby", "target_session_attrs must be read-write, primary, any")]
    [InlineData("client_encoding=LATIN1", "client_encoding must be utf8")]
    [InlineData("connect_timeout=soon", "connect_timeout must be a whole number")]
    [InlineData("keepalives=yes", "keepalives must be 1, 0")]
    [InlineData("keepalives_idle=99999", "keepalives_idle must be at most 32767")]
    [InlineData("pgbouncer=1", "pgbouncer must be true, false")]
    [InlineData("Maximum%20Pool%20Size=many", "Maximum Pool Size is not allowed")]
    public void A_parameter_that_can_not_be_kept_is_refused_by_its_name(string parameters, string expected)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read($"postgresql://iga:s3cret@db/aethercast?{parameters}"));

        Assert.Contains(expected, Assert.Single(exception.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://iga:s3cret@db/x")]
    [InlineData("postgresql://iga:s3cret@db:port/x")]
    [InlineData("postgresql://iga:s3cret@db:0/x")]
    [InlineData("postgresql://iga:pass@one,two,three/x?port=1,2&password=s3cret")]
    [InlineData("postgresql://iga:12?s3cret=1@db/x")]
    [InlineData("postgresql://iga:12/s3cret@db/x")]
    [InlineData("postgresql:///x?password=s3cret")]
    [InlineData("Host=db;Password=s3cret;No Such Thing=1")]
    public void A_wrong_address_is_refused_without_showing_its_password(string url)
    {
        var exception = Assert.Throws<ConfigurationException>(() => Read(url));

        Assert.Contains("IGA_POSTGRES_DB_URL is not an address", Assert.Single(exception.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transaction", 0)]
    [InlineData("session", 64)]
    public void The_mode_of_a_pooler_says_whether_statements_are_prepared(string mode, int expected) =>
        Assert.Equal(expected, Read("postgresql://iga:secret@db/aethercast", mode).MaxAutoPrepare);

    [Fact]
    public void A_mode_that_no_pooler_has_is_refused() => Assert.Contains(
        "IGA_POSTGRES_POOLER is 'statement': must be transaction or session",
        Assert.Throws<ConfigurationException>(() => Read("postgresql://iga:secret@db/x", "statement")).Message, StringComparison.Ordinal);

    private static NpgsqlConnectionStringBuilder Read(string url, string? pooler = null)
    {
        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IGA_POSTGRES_DB_URL"] = url,
            ["IGA_POSTGRES_POOLER"] = pooler,
            ["IGA_VERTEXAI_PROJECT_ID"] = "my-project",
            ["IGA_VERTEXAI_LOCATION"] = "global",
            ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
        }).Build());
        var options = IgaOptionsReader.Read(settings);
        settings.ThrowIfInvalid();
        return new NpgsqlConnectionStringBuilder(options.Idempotency.ConnectionString);
    }
}
