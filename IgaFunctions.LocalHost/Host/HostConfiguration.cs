using Iga.Configuration;
using Iga.Connections;
using Iga.Embedded;
using Iga.Postgres;
using Iga.Waiting;

namespace Iga.LocalHost.Host;

/// <summary>The host's whole configuration, read from the environment and from what is embedded.</summary>
internal sealed record HostConfiguration(
    IgaOptions App, LocalHostOptions Host, EmbeddingPlan Embedding, string LocalDirectory, HostJson HostJson, DescriptorBudget Descriptors)
{
    private const int ConnectionsWithoutWait = 8;

    /// <summary>Checks everything that the user set before anything is started.</summary>
    /// <exception cref="ConfigurationException">Something is wrong; the message lists all of it.</exception>
    public static HostConfiguration Check(IConfiguration environment) => Read(environment, (plan, settings) => plan.Overlay(settings));

    /// <summary>Reads it again with the addresses of the embedded services.</summary>
    public static HostConfiguration Read(
        IConfiguration environment, Func<EmbeddingPlan, Settings, Dictionary<string, string?>> overlay)
    {
        var settings = new Settings(environment);
        var plan = EmbeddingPlan.From(settings);
        var localDirectory = Embedded.LocalDirectory.Resolve(settings.Text("IGA_LOCAL_DIR"));
        var added = overlay(plan, settings);
        added["IGA_STAGING_DIR"] = settings.Text("IGA_STAGING_DIR") ?? Path.Combine(localDirectory, "staging");

        // The local host stages in a directory; storage settings of Azure Functions are not its own.
        added["AzureWebJobsStorage"] = null;

        var whole = new Settings(new ConfigurationBuilder()
            .AddConfiguration(environment).AddInMemoryCollection(added).Build());
        var hostJson = HostJson.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json"))).OverriddenBy(whole);
        var app = IgaOptionsReader.Read(whole);
        var host = LocalHostOptions.Read(whole, app.ApiKeys.AreConfigured);
        var descriptors = DescriptorBudget.Divide(
            DescriptorLimit.Current, PostgresDataSource.PoolSizeOf(app.Idempotency.ConnectionString), plan,
            hostJson.DurableTask.MaxConcurrentActivityFunctions, host.MaxConnections, whole);
        app = app with { Waits = WaitsWithin(descriptors.Connections, app.Waits, whole) };
        whole.AddFindingsOf(settings);
        whole.ThrowIfInvalid();
        app = app with { Notices = [.. whole.Notices, .. SettingsWithoutEffect.Find(whole)] };
        return new HostConfiguration(app, host, plan, localDirectory, hostJson, descriptors);
    }

    /// <summary>Each wait and each stream keeps a connection busy; some have to be left for all other requests.</summary>
    private static WaitOptions WaitsWithin(int connections, WaitOptions waits, Settings settings)
    {
        waits = waits with { Connections = connections };
        if (waits.MaxWaits + waits.MaxStreams > connections - ConnectionsWithoutWait)
        {
            settings.Error($"IGA_MAX_WAITS is {waits.MaxWaits} and IGA_MAX_STREAMS is {waits.MaxStreams}: together they must be at most "
                + $"{connections - ConnectionsWithoutWait}, since callers may have {connections} connections open (IGA_MAX_CONNECTIONS, ulimit -n)");
        }

        return waits;
    }
}
