using Iga.Tests.EndToEnd;
using Npgsql;

namespace Iga.Tests.Security;

/// <summary>What no answer to a caller may hold: how the service is built and where its dependencies are.</summary>
internal sealed class Leaks(OwnService service)
{
    private static readonly string[] Always =
    [
        "   at ", "Exception", "StackTrace", ".cs:line", "System.", "Microsoft.", "Npgsql", "Iga.", "Polly", "Host=", "Password",
        "postgres", "idempotency_keys", "iga_runtime", "localhost", "127.0.0.1", AppContext.BaseDirectory, "/root", "/home/", "/usr/",
    ];

    private readonly string[] _own =
    [
        new NpgsqlConnectionStringBuilder(service.ConnectionString).Password!,
        new NpgsqlConnectionStringBuilder(service.ConnectionString).Database!,
        service.Vertex.Address.Authority, service.Gcs.Address.Authority, service.StagingDirectory,
    ];

    public void AssertNoneIn(string answer) => Assert.All(
        Always.Concat(_own), leak => Assert.DoesNotContain(leak, answer, StringComparison.OrdinalIgnoreCase));
}
