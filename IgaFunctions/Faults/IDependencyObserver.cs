namespace Iga.Faults;

/// <summary>Is told how long every attempt to call a dependency took and how it ended.</summary>
public interface IDependencyObserver
{
    /// <summary>One attempt ended; retries are attempts of their own.</summary>
    /// <param name="dependency"><see cref="Dependency.Name"/>: <c>vertexai</c> or <c>gcs_upload</c>.</param>
    /// <param name="failureKind">One of <see cref="FailureKind"/>, or null when the attempt succeeded.</param>
    /// <param name="modelId">The model, where the dependency is one.</param>
    void CallEnded(string dependency, TimeSpan elapsed, string? failureKind, string? modelId = null);

    /// <summary>An attempt was cut off under way, since its caller gave up: the process stops, or has lost the task.</summary>
    /// <param name="dependency"><see cref="Dependency.Name"/>.</param>
    /// <param name="elapsed">How long it ran.</param>
    /// <param name="modelId">The model, where the dependency is one.</param>
    void CallCut(string dependency, TimeSpan elapsed, string? modelId = null);
}
