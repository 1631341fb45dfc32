namespace Iga.Bench.Systems;

/// <summary>The local host as a process, as its users start it.</summary>
internal sealed class OwnService(
    Lab lab, ServiceBuild build, string connectionString, Uri address, IReadOnlyDictionary<string, string> variables)
    : Service(lab.Databases, connectionString, address)
{
    private Child? _host;

    public override IReadOnlyList<int> Processes => _host is { } host ? [host.Id] : [];

    public override void Launch()
    {
        _host = Child.Start([LocalHostProgram.DotNet, build.Program], variables, lab.NewLog("host"));
    }

    public override async Task KillAsync()
    {
        if (_host is not null)
        {
            await _host.KillAsync();
            _host.Dispose();
        }
    }

    public override async Task<TimeSpan> OwnTimeAsync(string taskId, CancellationToken cancellationToken)
    {
        var sql = $"""
            select extract(epoch from i.ended_at - k.created_at)::float8 * 1000
            from iga_runtime.instances i join idempotency_keys k on k.task_id = i.instance_id::uuid
            where i.instance_id = '{taskId}'
            """;

        // Callers are told of the end as soon as the table has it, which is a moment before the engine's history does.
        for (var tries = 1; ; tries++)
        {
            if (await ReadAsync<object>(sql, cancellationToken) is double milliseconds)
            {
                return TimeSpan.FromMilliseconds(milliseconds);
            }

            if (tries == 1_000)
            {
                throw new MeasureFailedException($"The engine does not end {taskId}.");
            }

            await Task.Delay(5, cancellationToken);
        }
    }

    public override async Task<IReadOnlyList<string>> AddEndedAsync(int count, int sample, CancellationToken cancellationToken)
    {
        await ExecuteAsync(EndedTasks.Sql(count), cancellationToken);
        await ExecuteAsync("analyze", cancellationToken);
        return await EndedAsync(sample, cancellationToken);
    }

    public override string Tail() => _host?.Tail() ?? "";

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(variables["IGA_STAGING_DIR"]))
        {
            Directory.Delete(variables["IGA_STAGING_DIR"], recursive: true);
        }
    }
}
