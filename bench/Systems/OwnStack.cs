using Npgsql;

namespace Iga.Bench.Systems;

/// <summary>This repository's service on its local host.</summary>
internal sealed class OwnStack(ServiceBuild build, string name = OwnStack.Title, IEnumerable<KeyValuePair<string, string>>? variables = null) : IStack
{
    public const string Title = "IGA";

    /// <summary>The heading of another version of it.</summary>
    public const string Before = "before";

    public string Name => name;

    public ServiceBuild Build => build;

    /// <summary>Whether it is the one that the others stand beside.</summary>
    public bool IsFirst => name == Title;

    public int? Slots => null;

    public int LoadDivisor => 1;

    /// <summary>The same with a variable more.</summary>
    public OwnStack With(string variable, string value) =>
        new(build, name, [.. variables ?? [], new(variable, value)]);

    public async Task<Service> PrepareAsync(Lab lab, CancellationToken cancellationToken)
    {
        var database = await lab.Databases.CreateDatabaseAsync(cancellationToken);
        return Over(lab, database);
    }

    /// <summary>On a database that is there already.</summary>
    public OwnService Over(Lab lab, string connectionString)
    {
        var port = Lab.FreePort();
        var staging = Path.Combine(lab.Directory, $"staging-{port}");
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        return new OwnService(lab, build, connectionString, new Uri($"http://127.0.0.1:{port}"), new Dictionary<string, string>(variables ?? [])
        {
            ["IGA_EMBEDDED"] = "false",
            ["IGA_PORT"] = $"{port}",
            ["IGA_VERTEX_ENDPOINT"] = lab.Model.Address.ToString(),
            ["IGA_VERTEXAI_PROJECT_ID"] = "bench",
            ["IGA_VERTEXAI_LOCATION"] = "global",
            ["IGA_MODEL_TIMEOUT_SECONDS"] = "600",
            // What is measured is how fast it accepts, not when it stops.
            ["IGA_MAX_PENDING"] = "1000000",
            ["STORAGE_EMULATOR_HOST"] = lab.Bucket.Address.ToString(),
            ["GCS_BUCKET_NAME"] = Fakes.FakeBucket.Name,
            ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
            ["IGA_STAGING_DIR"] = staging,
            ["POSTGRES_HOST"] = "127.0.0.1",
            ["POSTGRES_PORT"] = $"{database.Port}",
            ["POSTGRES_USER"] = database.Username!,
            ["POSTGRES_PASSWORD"] = database.Password!,
            ["POSTGRES_DB"] = database.Database!,
        });
    }
}
