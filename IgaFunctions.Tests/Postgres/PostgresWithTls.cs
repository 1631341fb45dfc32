using Iga.Embedded;
using Iga.Tests.Embedded;
using Iga.Tests.GoogleCloud;
using Npgsql;

namespace Iga.Tests.Postgres;

/// <summary>A PostgreSQL whose certificate is for <c>localhost</c> and 127.0.0.1; it listens on 127.0.0.2 as well.</summary>
public sealed class PostgresWithTls : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private EmbeddedPostgres _server = null!;

    /// <summary>The certificate of the authority that signed the server's.</summary>
    public string Authority => _folder["root.pem"];

    /// <summary>Of an authority that signed nothing.</summary>
    public string OtherAuthority => _folder["other.pem"];

    internal NpgsqlConnectionStringBuilder Server => new(_server.ConnectionString);

    public async ValueTask InitializeAsync()
    {
        using var other = new TestAuthority();
        await File.WriteAllTextAsync(Authority, _authority.Root.ExportCertificatePem());
        await File.WriteAllTextAsync(OtherAuthority, other.Root.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder["server.pem"], _authority.Localhost.ExportCertificatePem());
        await File.WriteAllTextAsync(_folder["server.key"], _authority.LocalhostKeyPem);
        TemporaryFolder.SetMode(_folder["server.key"], UnixFileMode.UserRead | UnixFileMode.UserWrite); // else the server refuses it
        (await ServerAccount.ForAsync(null, CancellationToken.None)).Give(_folder["server.key"]);
        _server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            BaseDirectory = _folder[".local"],
            ServerSettings = new Dictionary<string, string>
            {
                ["fsync"] = "off",
                ["listen_addresses"] = "127.0.0.1,127.0.0.2",
                ["ssl"] = "on",
                ["ssl_cert_file"] = _folder["server.pem"],
                ["ssl_key_file"] = _folder["server.key"],
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _authority.Dispose();
        _folder.Dispose();
    }
}
