namespace Iga.Health;

/// <summary>
/// Asks whether the service can accept a task and do it: at most once a second, however many want to know, who then share the answer.
/// Logs a change of the answer, not the answers.
/// </summary>
public sealed class ReadinessProbe
{
    private readonly BoundedCheck _store;
    private readonly BoundedCheck _staging;
    private readonly BoundedCheck _hub;
    private readonly SharedAnswer<(Readiness Store, Readiness Staging)> _own;
    private readonly SharedAnswer<Readiness> _ofHub;
    private readonly ILogger<ReadinessProbe> _logger;
    private DurableTaskClient? _client;
    private string? _toldMessage;
    private string? _toldOfHub;

    public ReadinessProbe(StoreCheck store, StagingCheck staging, TimeProvider time, ILogger<ReadinessProbe> logger)
    {
        _store = new(store.AskAsync, StoreCheck.Silent, time);
        _staging = new(staging.AskAsync, StagingCheck.Silent, time);
        _hub = new(token => HubCheck.AskAsync(Volatile.Read(ref _client)!, token), HubCheck.Silent, time);
        (_own, _ofHub, _logger) = (new(time), new(time), logger);
    }

    /// <summary>Answers within <see cref="BoundedCheck.Limit"/>. The task hub is not asked.</summary>
    public async Task<Readiness> AskAsync()
    {
        var (store, staging) = await _own.GetAsync(ProbeAsync);
        return store.IsReady ? staging : store;
    }

    /// <summary>Likewise, check by check, and with the task hub.</summary>
    /// <param name="hub">Asks the hub.</param>
    public async Task<IReadOnlyList<CheckResult>> ReportAsync(DurableTaskClient hub)
    {
        Volatile.Write(ref _client, hub);
        var ofHub = _ofHub.GetAsync(ProbeHubAsync);
        var (store, staging) = await _own.GetAsync(ProbeAsync);
        return
        [
            store.IsAboutMigrations ? CheckResult.Ok("database") : CheckResult.Of("database", store),
            store.IsReady || store.IsAboutMigrations
                ? CheckResult.Of("migrations", store)
                : CheckResult.Unknown("migrations", "The database could not be asked."),
            CheckResult.Of("hub", await ofHub),
            CheckResult.Of("staging", staging),
        ];
    }

    private async Task<(Readiness Store, Readiness Staging)> ProbeAsync()
    {
        var staging = _staging.AskAsync();
        var found = (Store: await _store.AskAsync(), Staging: await staging);
        Tell(found.Store.IsReady ? found.Staging : found.Store, ref _toldMessage);
        return found;
    }

    private async Task<Readiness> ProbeHubAsync()
    {
        var found = await _hub.AskAsync();
        Tell(found, ref _toldOfHub);
        return found;
    }

    private void Tell(Readiness readiness, ref string? told)
    {
        if (readiness.Message == told)
        {
            return;
        }

        told = readiness.Message;
        if (readiness.IsReady)
        {
            _logger.LogInformation("The service is ready again");
        }
        else
        {
            _logger.LogWarning("The service is not ready: {error} {cause}", readiness.Message, readiness.Cause);
        }
    }
}
