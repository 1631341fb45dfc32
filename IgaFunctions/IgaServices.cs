using Iga.Bucket;
using Iga.Callers;
using Iga.Configuration;
using Iga.GenerateImage;
using Iga.GoogleCloud;
using Iga.Health;
using Iga.Keys;
using Iga.Limits;
using Iga.Models;
using Iga.Postgres;
using Iga.Staging;
using Iga.Telemetry;
using Iga.Workflow.Activities;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Iga;

/// <summary>
/// Registers the app, whole. The local host puts in its place what it does otherwise: see its LocalService.
/// </summary>
public static class IgaServices
{
    /// <summary>To be asked before <see cref="AddIga"/>: a connection pooler before PostgreSQL changes how it is spoken to.</summary>
    public static async Task<IgaOptions> DetectPoolerAsync(this IgaOptions options, CancellationToken cancellationToken) => options with
    {
        Idempotency = options.Idempotency with
        {
            ConnectionString = await Pooler.DetectAsync(options.Idempotency.ConnectionString, cancellationToken),
        },
    };

    public static IServiceCollection AddIga(this IServiceCollection services, IgaOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Requests);
        services.AddSingleton(options.ApiKeys);
        services.AddSingleton(options.Limits);
        services.AddSingleton(options.Models);
        services.AddSingleton(options.Models.Catalog);
        services.AddSingleton(options.Vertex);
        services.AddSingleton(options.Storage);
        services.AddSingleton(options.Idempotency);
        services.AddSingleton(options.Staging);
        services.AddSingleton(TimeProvider.System);
        services.AddIgaTelemetry(options.Telemetry);
        services.AddModels();
        services.AddStaging();
        services.AddGoogle();

        services.AddSingleton(provider => PostgresDataSource.Create(
            options.Idempotency.ConnectionString, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => DatabaseIdentity.Of(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<IdempotencyTable>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<TaskRecords>();
        services.AddSingleton<TaskCounts>();
        services.AddSingleton<Admission>();

        services.AddSingleton<ApiKeys>();
        services.AddSingleton<RequestReader>();

        // No line, but for a host that registers another: the local host's starts share commits, the more at once the better.
        services.TryAddSingleton(provider => new StartLine(null, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StoreCheck>();
        services.AddSingleton<StagingCheck>();
        services.AddSingleton<ReadinessProbe>();
        services.AddSingleton<KeyObjects>();
        services.AddSingleton<LockHeartbeat>();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton<PictureKeeper>();
        services.AddSingleton<ImageMaker>();
        services.AddSingleton<ImageUploader>();
        services.AddSingleton<TaskEnding>();
        return services;
    }
}
