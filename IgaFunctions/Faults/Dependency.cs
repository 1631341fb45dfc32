namespace Iga.Faults;

/// <summary>An outside service that calls are made to, and how its faults are told to callers.</summary>
/// <param name="Name">The name in measurements.</param>
/// <param name="Subject">How a message calls it, at the start of a sentence.</param>
/// <param name="DeniedKind">The permanent kind: the service is not allowed in, or asks for what there is not.</param>
/// <param name="UnavailableKind">The transient kind: no answer, or an answer that says "later".</param>
public sealed record Dependency(string Name, string Subject, string DeniedKind, string UnavailableKind)
{
    public static readonly Dependency Model =
        new("vertexai", "The image model", FailureKind.ModelRejectedRequest, FailureKind.ModelUnavailable);

    public static readonly Dependency ImageStore =
        new("gcs_upload", "The image store", FailureKind.StorageDenied, FailureKind.StorageUnavailable);
}
