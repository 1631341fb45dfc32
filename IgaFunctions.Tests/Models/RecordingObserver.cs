using System.Collections.Concurrent;
using Iga.Faults;

namespace Iga.Tests.Models;

/// <summary>Writes down every attempt that was reported.</summary>
internal sealed class RecordingObserver : IDependencyObserver
{
    private readonly ConcurrentQueue<(string Dependency, string? FailureKind)> calls = new();

    public IReadOnlyList<(string Dependency, string? FailureKind)> Calls => [.. calls];

    public void CallEnded(string dependency, TimeSpan elapsed, string? failureKind) => calls.Enqueue((dependency, failureKind));
}
