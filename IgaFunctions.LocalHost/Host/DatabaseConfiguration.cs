using Iga.Configuration;
using Iga.Keys;

namespace Iga.LocalHost.Host;

/// <summary>
/// What the migrations need of the configuration. What only serving needs (keys, models, the bucket) is not looked at: where a database is
/// prepared it need not be set.
/// </summary>
/// <param name="Embedding">Of the database alone.</param>
internal sealed record DatabaseConfiguration(IdempotencyOptions Idempotency, EmbeddingPlan Embedding, string LocalDirectory)
{
    /// <exception cref="ConfigurationException">Something is wrong; the message lists all of it.</exception>
    public static DatabaseConfiguration Check(IConfiguration environment)
    {
        var settings = new Settings(environment);
        var plan = EmbeddingPlan.From(settings) with { Vertex = false, Storage = false };
        var localDirectory = Embedded.LocalDirectory.Resolve(settings.Text("IGA_LOCAL_DIR"));
        var whole = new Settings(new ConfigurationBuilder()
            .AddConfiguration(environment).AddInMemoryCollection(plan.Overlay(settings)).Build());
        var idempotency = IgaOptionsReader.ReadIdempotency(whole);
        whole.AddFindingsOf(settings);
        whole.ThrowIfInvalid();
        return new DatabaseConfiguration(idempotency, plan, localDirectory);
    }
}
