using Iga.Bucket;
using Iga.Configuration;
using Iga.Embedded;
using Iga.Faults;
using Iga.GoogleCloud;
using Iga.LocalHost.Doctor;
using Iga.Models;

namespace Iga.LocalHost.Host;

/// <summary>
/// Looks at everything that the service needs on this machine, with the settings that it would have. What it would embed is started for
/// as long as that takes.
/// </summary>
internal sealed class LocalCheckup(IConfiguration environment, Action<string> tell)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        HostConfiguration configuration;
        try
        {
            configuration = HostConfiguration.Check(environment);
            findings.Add(Finding.Well("configuration", "every setting can be read."));
            findings.AddRange(configuration.App.Notices.Select(notice => Finding.Note("configuration", notice)));
        }
        catch (ConfigurationException exception)
        {
            // What is wrong may be just where the rest is reached.
            return [.. exception.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(line => Finding.Wrong("configuration", line))];
        }

        EmbeddedServices embedded;
        try
        {
            embedded = await EmbeddedServices.StartAsync(
                configuration.Embedding, configuration.LocalDirectory, configuration.Descriptors.EmulatorConnections, tell, cancellationToken);
        }
        catch (Exception exception) when (StartFailure.Describe(exception) is { } message)
        {
            findings.Add(Finding.Wrong("embedded", message.ReplaceLineEndings(" ")));
            return findings;
        }

        await using (embedded)
        {
            findings.AddRange(Embedded(configuration.Embedding));
            await LookAsync(findings, HostConfiguration.Read(environment, (_, settings) => embedded.Overlay(settings)).App, cancellationToken);
        }

        return findings;
    }

    private static async Task LookAsync(List<Finding> findings, IgaOptions app, CancellationToken cancellationToken)
    {
        findings.AddRange(await new DatabaseCheckup(app.Idempotency.ConnectionString, StartFailure.Describe).RunAsync(cancellationToken));
        try
        {
            var found = await app.FindGoogleCredentialsAsync(cancellationToken);
            findings.AddRange(found.Notices.Except(app.Notices).Select(notice => Finding.Note("credentials", notice)));
            if (!app.NeedsGoogleCredentials)
            {
                findings.Add(Finding.Well("credentials", "none needed: both of Google's services are emulated."));
            }
        }
        catch (ConfigurationException exception)
        {
            findings.Add(Finding.Wrong("credentials", exception.Message.ReplaceLineEndings(" ")));
            return;
        }

        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIga(app);
        await using var provider = services.BuildServiceProvider();
        using var http = GoogleHttp.CreateClient(
            GoogleHttp.CreateHandler(app.Storage.IsEmulator), Dependency.ImageStore, provider.GetRequiredService<ICallAuthorization>());
        findings.AddRange(await new BucketCheckup(http, provider.GetRequiredService<StorageOptions>()).RunAsync(cancellationToken));
        findings.Add(await new ModelCheckup(
            provider.GetRequiredService<IVertexTransport>(), provider.GetRequiredService<VertexOptions>(), app.Models).RunAsync(cancellationToken));
    }

    private static IEnumerable<Finding> Embedded(EmbeddingPlan plan)
    {
        var names = new[]
        {
            plan.Postgres ? "PostgreSQL" : null,
            plan.Vertex ? "Vertex AI" : null,
            plan.Storage ? "Cloud Storage" : null,
        }.OfType<string>().ToArray();
        return names.Length == 0 ? [] : [Finding.Note("embedded", $"{string.Join(", ", names)}: not configured, so the service brings its own, for trying out.")];
    }
}
