namespace Iga.LocalHost.Durable.Worker;

/// <summary>Refuses what a caller may ask for and the runtime does not keep: nothing is ignored in silence.</summary>
internal static class RefusedOptions
{
    /// <exception cref="NotSupportedException">An option is not kept here.</exception>
    /// <exception cref="ArgumentException">A status is not the name of one.</exception>
    public static void Check(StartOrchestrationOptions? options)
    {
        Refuse(options?.StartAt is not null, nameof(StartOrchestrationOptions), nameof(options.StartAt));
        Refuse(options?.Tags is { Count: > 0 }, nameof(StartOrchestrationOptions), nameof(options.Tags));
        Refuse(options?.Version is not null, nameof(StartOrchestrationOptions), nameof(options.Version));
        if (options?.InstanceId is not null)
        {
            CheckDedupeStatuses(options.DedupeStatuses);
        }
    }

    public static void Check(TerminateInstanceOptions? options) =>
        Refuse(options?.Recursive == true, nameof(TerminateInstanceOptions), nameof(options.Recursive));

    public static void Check(PurgeInstanceOptions? options) =>
        Refuse(options?.Recursive == true, nameof(PurgeInstanceOptions), nameof(options.Recursive));

    /// <summary>
    /// An id starts once, ever: whoever brings an id of their own must say so. Null would leave it to each engine's default, and a
    /// shorter list asks for an instance to be replaced.
    /// </summary>
    private static void CheckDedupeStatuses(IReadOnlyList<string>? statuses)
    {
        var named = (statuses ?? []).Select(status => Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out var known)
            ? known
            : throw new ArgumentException($"'{status}' is not an orchestration runtime status.", nameof(statuses))).ToHashSet();
        var missing = StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Where(status => !named.Contains(status)).ToArray();
        Refuse(
            missing.Length > 0, nameof(StartOrchestrationOptions),
            $"{nameof(StartOrchestrationOptions.DedupeStatuses)} without {string.Join(", ", missing)}");
    }

    private static void Refuse(bool isAsked, string options, string option)
    {
        if (isAsked)
        {
            throw new NotSupportedException($"The local durable runtime does not keep {options}.{option}.");
        }
    }
}
