using Iga.Keys;
using Iga.Models;
using Iga.Postgres;
using Iga.TaskEvents;
using Iga.Telemetry;
using Iga.Waiting;

namespace Iga;

/// <summary>Registers the measurements that are looked up when somebody wants to know.</summary>
internal static class IgaFigures
{
    public static IServiceCollection AddFigures(this IServiceCollection services)
    {
        services.AddSingleton<TasksInFlight>();
        services.AddHostedService(provider => provider.GetRequiredService<TasksInFlight>());
        return services
            .AddFigure<PoolUse>("iga_db_connections_used", null, "Connections of this process's pool that are in use", pool => pool.Used)
            .AddFigure<PoolUse>("iga_db_connections_idle", null, "Connections of this process's pool that are open and free", pool => pool.Idle)
            .AddFigure<PoolUse>("iga_db_connections_max", null, "How many connections this process's pool may have", pool => pool.Most)
            .AddFigure<PoolUse>("iga_db_requests_waiting", null, "What waits for a connection of this process's pool", pool => pool.Waiting)
            .AddFigure<PoolUse>(
                "iga_db_timeout_count", null, "Waits for a connection of this process's pool that were in vain", pool => pool.TimedOut,
                onlyRises: true)
            .AddFigure<TasksInFlight>(
                "iga_tasks_in_flight", null, "Tasks of all processes that have not ended", tasks => tasks.Count)
            .AddFigure<TasksInFlight>(
                "iga_oldest_task_age_seconds", "s", "How long ago the oldest task of all processes was accepted that has not ended",
                tasks => tasks.OldestAge?.TotalSeconds)
            .AddFigure<IImageModel>(
                "iga_model_calls_in_flight", null, "Calls of models under way", model => (model as VertexImageModel)?.Limits.InFlight)
            .AddFigure<IImageModel>(
                "iga_model_calls_waiting", null, "Calls of models that wait for their turn within the quota",
                model => (model as VertexImageModel)?.Limits.Waiting)
            .AddFigure<TaskWaits>("iga_waits_open", null, "Requests that wait for the end of a task", waits => waits.Count)
            .AddFigure<TaskStreams>("iga_streams_open", null, "Open streams of tasks' changes", streams => streams.Count);
    }

    /// <inheritdoc cref="Figure"/>
    public static IServiceCollection AddFigure<T>(
        this IServiceCollection services, string name, string? unit, string description, Func<T, double?> read, bool onlyRises = false)
        where T : notnull =>
        services.AddSingleton(provider => new Figure(
            name, unit, description, () => read(provider.GetRequiredService<T>()), onlyRises));
}
