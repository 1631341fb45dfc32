using Iga.Faults;

namespace Iga.Staging;

/// <summary>The fault of a staging that takes no pictures at the moment.</summary>
internal static class StagingFault
{
    /// <param name="cause">What was met; it is for the log, since it names paths and hosts.</param>
    public static FailureException Of(Exception cause) => new(
        new Fault(
            FailureKind.StorageUnavailable,
            "There is no room at the moment where pictures wait for the bucket, so the model is not called.",
            IsTransient: true,
            WaitsForStaging: true),
        cause);
}
