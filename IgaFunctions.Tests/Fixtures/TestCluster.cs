[assembly: AssemblyFixture(typeof(Iga.Tests.Fixtures.TestCluster))]

namespace Iga.Tests.Fixtures;

/// <summary>The PostgreSQL that the whole run shares; a database for whoever asks.</summary>
public sealed class TestCluster : IAsyncDisposable
{
    private static readonly Lazy<Task<TestPostgres>> Shared = new(TestPostgres.StartAsync);

    /// <returns>The connection string of a new, empty database.</returns>
    public static async Task<string> CreateDatabaseAsync() => await (await Shared.Value).CreateDatabaseAsync();

    public async ValueTask DisposeAsync()
    {
        if (Shared.IsValueCreated)
        {
            await (await Shared.Value).DisposeAsync();
        }
    }
}
