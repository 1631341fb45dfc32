using Google.Apis.Auth.OAuth2;
using Iga.Bucket;
using Iga.Callers;
using Iga.Configuration;
using Iga.GenerateImage;
using Iga.GoogleCloud;
using Iga.Health;
using Iga.Keys;
using Iga.Limits;
using Iga.Models;
using Iga.OpenApi;
using Iga.Postgres;
using Iga.Staging;
using Iga.TaskControl;
using Iga.TaskEvents;
using Iga.TaskImage;
using Iga.TaskList;
using Iga.TaskStatus;
using Iga.Telemetry;
using Iga.Telemetry.Prometheus;
using Iga.Usage;
using Iga.Waiting;
using Iga.Webhooks;
using Iga.Workflow;
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

    /// <summary>
    /// To be asked before <see cref="AddIga"/> as well: without credentials of Google every task would fail. Emulators need none.
    /// </summary>
    /// <exception cref="ConfigurationException">There are no credentials that can be used.</exception>
    public static async Task<IgaOptions> FindGoogleCredentialsAsync(this IgaOptions options, CancellationToken cancellationToken)
    {
        if (!options.NeedsGoogleCredentials)
        {
            return options;
        }

        return await CredentialSearch.RunAsync(GoogleCredential.GetApplicationDefaultAsync, TimeProvider.System, cancellationToken) switch
        {
            CredentialSearch.Result.Missing => throw new ConfigurationException([
                "There are no usable credentials of Google on this machine: set GOOGLE_APPLICATION_CREDENTIALS to the path of a service "
                + "account's key file (or of another file of credentials), or log in with: gcloud auth application-default login"]),
            CredentialSearch.Result.Unanswered => options with
            {
                Notices = [.. options.Notices, "Whether this machine has credentials of Google could not be found out in time; tasks wait until it has"],
            },
            _ => options,
        };
    }

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
        services.AddHostedService<NoticesInTheLog>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new ModelTags(id => options.Models.Offers(id) || options.Models.Catalog.Has(id)));
        services.AddIgaTelemetry(options.Telemetry);
        services.AddPrometheus();
        services.AddFigures();
        services.AddModels();
        services.AddStaging();
        services.AddGoogle();

        services.AddSingleton<PoolUse>();
        services.AddSingleton(provider =>
        {
            provider.GetRequiredService<PoolUse>(); // listens before the pool tells anything
            return PostgresDataSource.Create(options.Idempotency.ConnectionString, provider.GetRequiredService<ILoggerFactory>());
        });
        services.AddSingleton(provider => DatabaseIdentity.Of(provider.GetRequiredService<NpgsqlDataSource>()));
        services.AddSingleton<IdempotencyTable>();
        services.AddSingleton<IdempotencyStore>();
        services.AddSingleton<TaskRecords>();
        services.AddSingleton<TaskCancellation>();
        services.AddSingleton<TaskReports>();
        services.AddSingleton<TaskCounts>();
        services.AddWaiting(options.Waits);
        services.AddSingleton<TaskStateReader>();
        services.AddSingleton<AwaitedTask>();
        services.AddTaskEvents();
        services.AddSingleton<TaskRetention>();

        services.AddSingleton<HubLooks>();

        // Unless a host registers another, which can ask for many at once.
        services.TryAddSingleton<ITaskStates, HubTaskStates>();
        services.AddSingleton<TaskRows>();
        services.AddSingleton<TaskSummaries>();
        services.AddSingleton<PricedTasks>();
        services.AddSingleton<UsageReader>();
        services.AddSingleton<UsageCache>();
        services.AddSingleton<StatsReader>();
        services.AddSingleton<StatsCache>();
        services.AddSingleton<Admission>();
        services.AddSingleton<DailySpend>();

        services.AddSingleton(options.Requests.Webhooks);
        services.AddSingleton<CallbackRecords>();
        services.AddSingleton<WebhookClient>();

        services.AddSingleton<ApiKeys>();
        services.AddSingleton<RequestReader>();
        services.AddSingleton<TaskAcceptance>();

        // No line, but for a host that registers another: the local host's starts share commits, the more at once the better.
        services.TryAddSingleton(provider => new StartLine(null, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StoreCheck>();
        services.AddSingleton<StagingCheck>();
        services.AddSingleton<ReadinessProbe>();
        services.AddSingleton<ApiDocument>();
        services.AddSingleton<KeyObjects>();
        services.AddSingleton<StoredPictures>();
        services.AddSingleton<TaskPictures>();
        services.AddSingleton<PictureReads>();
        services.AddSingleton<LockHeartbeat>();
        services.AddSingleton<ModelCalls>();
        services.AddSingleton<HeldPictures>();
        services.AddSingleton<PictureKeeper>();
        services.AddSingleton<ImageMaker>();
        services.AddSingleton<ImageUploader>();
        services.AddSingleton<TaskEnding>();
        services.AddSingleton<RunningTasks>();
        services.AddSingleton<TaskCanceller>();
        services.AddSingleton<ControlAnswers>();
        return services;
    }
}
