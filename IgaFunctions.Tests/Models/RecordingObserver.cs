using System.Collections.Concurrent;
using Iga.Faults;

namespace Iga.Tests.Models;

/// <summary>Writes down every attempt that was reported.</summary>
internal sealed class RecordingObserver : IDependencyObserver
{
    private readonly ConcurrentQueue<(string Dependency, string? FailureKind)> _calls = new();

    public IReadOnlyList<(string Dependency, string? FailureKind)> Calls => [.. _calls];

    public void CallEnded(string dependency, TimeSpan elapsed, string? failureKind, string? modelId = null) =>
        _calls.Enqueue((dependency, failureKind));

    public void CallCut(string dependency, TimeSpan elapsed, string? modelId = null) => _calls.Enqueue((dependency, "cut"));
}
