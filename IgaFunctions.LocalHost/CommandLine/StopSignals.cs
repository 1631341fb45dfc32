using System.Runtime.InteropServices;

namespace Iga.LocalHost.CommandLine;

/// <summary>
/// SIGINT (Ctrl+C) and SIGTERM: the first asks the program to stop in good order, the second to do so at once, and the third
/// ends it as if nobody had listened.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenSource _atOnce = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    /// <param name="cancellationToken">Asks to stop as well.</param>
    public StopSignals(CancellationToken cancellationToken)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(signal => PosixSignalRegistration.Create(signal, Take))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _atOnce.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        var count = Interlocked.Increment(ref _count);
        signal.Cancel = count <= 2;

        // Not on this thread: the system waits for it.
        _ = count switch
        {
            1 => _stop.CancelAsync(),
            2 => _atOnce.CancelAsync(),
            _ => Task.CompletedTask,
        };
    }
}
