namespace Iga.TaskEvents;

/// <summary>Registers the stream of events.</summary>
internal static class TaskEventsServices
{
    public static IServiceCollection AddTaskEvents(this IServiceCollection services) => services
        .AddSingleton<EventRows>()
        .AddSingleton<TaskLooks>()
        .AddSingleton<TaskEventFeed>()
        .AddSingleton<MissedEvents>()
        .AddSingleton<TaskStreams>();
}
