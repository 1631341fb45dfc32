namespace Iga.LocalHost.Durable.Worker;

/// <summary>How the durable runtime of one process works. The limits of what runs at once come from host.json.</summary>
internal sealed record DurableTaskOptions
{
    /// <summary>How many activities run at once; as on Azure, ten a processor unless host.json says otherwise.</summary>
    public int MaxConcurrentActivityFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Whom an activity with this input is run for: where activities have to wait, callers take turns.</summary>
    public Func<string?, string> CallerOf { get; init; } = _ => "";

    /// <summary>How many orchestrators execute code at once. Waiting ones don't count.</summary>
    public int MaxConcurrentOrchestratorFunctions { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>How many instances are held in memory, waiting or not; further ones stay in the table until there is room.</summary>
    public int MaxInstancesInMemory { get; init; } = 10_000;

    /// <summary>How long a process may be silent before others take its instances over.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often work is looked for that nobody runs (less up to a quarter, so that processes spread out).</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    public int ClaimBatchSize { get; init; } = 100;

    /// <summary>
    /// IGA_SHUTDOWN_GRACE_SECONDS: how long activities may take to finish after the process was asked to stop, if they have work
    /// under way that is paid for.
    /// </summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>The same for all other activities, if it is shorter.</summary>
    public TimeSpan UnpaidShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long ended instances stay readable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    public TimeSpan PurgeInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A database connection of the heartbeat's own, so that a busy pool can't cost the leases. Null: the heartbeat keeps one
    /// connection of the shared pool open.
    /// </summary>
    public string? HeartbeatConnectionString { get; init; }

    /// <summary>For tests: throws every run away after each step and rebuilds it by replay, which finds non-determinism.</summary>
    public bool ReplayAfterEveryStep { get; init; }
}
