using Iga.Changes;
using Iga.Keys;

namespace Iga.Waiting;

/// <summary>Registers what requests wait with.</summary>
internal static class WaitingServices
{
    public static IServiceCollection AddWaiting(this IServiceCollection services, WaitOptions options) => services
        .AddSingleton(options)
        .AddSingleton<TaskChanges>()
        .AddSingleton<TaskEnds>()
        .AddSingleton<EarlyStop>()
        .AddSingleton<EndedElsewhere>()
        .AddSingleton<TaskWaits>();
}
