using Iga.LocalHost.Durable.Worker;

namespace Iga.LocalHost.Host;

/// <summary>Registers the measurements of the durable runtime.</summary>
internal static class LocalFigures
{
    public static IServiceCollection AddLocalFigures(this IServiceCollection services) => services
        .AddFigure<ActivityRunner>("iga_steps_running", null, "Steps of tasks that this process executes", steps => steps.Running)
        .AddFigure<ActivityRunner>(
            "iga_steps_waiting", null, "Steps of tasks that wait until this process has room", steps => steps.Waiting)
        .AddFigure<InstanceRegistry>("iga_instances_in_memory", null, "Orchestrations that this process runs", instances => instances.Taken)
        .AddFigure<Heartbeat>(
            "iga_lease_lost_count", null, "How often this process was taken for dead, and its tasks taken over", beat => beat.Lost,
            onlyRises: true);
}
