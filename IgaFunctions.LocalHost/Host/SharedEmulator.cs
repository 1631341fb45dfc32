using System.Net.Sockets;
using Iga.Embedded;

namespace Iga.LocalHost.Host;

/// <summary>
/// One emulator for all hosts of a folder: the first runs it, those that come later use it. When the host that runs it has ended,
/// however it ended, another one goes on with it at the same address: calls in between fail as if Google were out of reach for a
/// moment, and are tried again. See docs/0019.
/// </summary>
internal sealed class SharedEmulator : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a host that uses another one's emulator looks whether that has ended.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromMilliseconds(200);

    /// <summary>For another host to start it, and for what a killed one held to be free again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Starter _start;
    private readonly EmulatorAddress _published;
    private readonly string _lockFile;
    private readonly Action<string> _tell;
    private readonly CancellationTokenSource _ended = new();
    private FileLock? _lock;
    private IAsyncDisposable? _emulator;
    private Task _watch = Task.CompletedTask;

    private SharedEmulator(string folder, string name, Starter start, Action<string> tell)
    {
        (_start, _tell) = (start, tell);
        _published = new EmulatorAddress(Path.Combine(folder, $"{name}.address"));
        _lockFile = Path.Combine(folder, $"{name}.lock");
    }

    /// <summary>Starts an emulator on a port of 127.0.0.1; 0 is any free one.</summary>
    /// <exception cref="IOException">The port is taken, or what the emulator keeps can't be used.</exception>
    public delegate Task<(Uri Address, IAsyncDisposable Emulator)> Starter(int port, CancellationToken cancellationToken);

    /// <summary>Its base address, which stays the same as long as this host runs.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    /// <summary>Whether it runs in this process.</summary>
    public bool IsOwn => _emulator is not null;

    /// <param name="folder">This user's alone: who can write there decides where pictures are sent.</param>
    /// <param name="name">Of the files in it: <c>NAME.lock</c>, which whoever runs the emulator holds, and <c>NAME.address</c>.</param>
    /// <exception cref="EmbeddedServiceException">Another host has it, and can't be reached.</exception>
    /// <exception cref="IOException">It could not be started.</exception>
    public static async Task<SharedEmulator> OpenAsync(
        string folder, string name, Starter start, Action<string> tell, CancellationToken cancellationToken)
    {
        var shared = new SharedEmulator(folder, name, start, tell);
        try
        {
            await shared.OpenAsync(cancellationToken);
            return shared;
        }
        catch
        {
            await shared.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watch;
        if (_emulator is not null)
        {
            await _emulator.DisposeAsync();
        }

        _lock?.Dispose();
        _ended.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            if ((_lock = FileLock.TryExclusive(_lockFile)) is not null)
            {
                await StartAsync(cancellationToken);
                return;
            }

            if (_published.Read() is { } other && Posix.Exists(other.ProcessId) && await IsListeningAsync(other.Address, cancellationToken))
            {
                Address = other.Address;
                _watch = TakeOverAsync(_ended.Token);
                return;
            }

            if (waited >= Patience)
            {
                throw new EmbeddedServiceException(
                    $"Another IGA uses {Path.GetDirectoryName(_lockFile)}, and the emulator that it runs does not answer. "
                    + "Stop that IGA, or set IGA_LOCAL_DIR to another folder.");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Starts it, on the port of the last time where that is free.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var port = _published.Read()?.Address.Port ?? 0;
        _published.Delete(); // nobody else may take it for that of the one which starts now
        for (var waited = TimeSpan.Zero; _emulator is null; waited += Pause)
        {
            try
            {
                (Address, _emulator) = await _start(port, cancellationToken);
            }
            catch (IOException) when (port != 0)
            {
                port = 0;
            }
            catch (IOException) when (waited < TimeSpan.FromSeconds(1))
            {
                // Files of a host that was killed this very moment are still being closed.
                await Task.Delay(Pause, cancellationToken);
            }
        }

        _published.Write(Address);
    }

    /// <summary>Waits for the host that runs it to end, and goes on with it at the same address.</summary>
    private async Task TakeOverAsync(CancellationToken ended)
    {
        var told = false;
        while (_emulator is null)
        {
            try
            {
                await Task.Delay(Watch, ended);
                if ((_lock ??= FileLock.TryExclusive(_lockFile)) is not null)
                {
                    (_, _emulator) = await _start(Address.Port, ended);
                    _published.Write(Address);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                if (!told)
                {
                    told = true;
                    _tell($"The IGA that ran the emulator on {Address} has ended, and it can't go on there: {exception.Message} "
                        + "Start this IGA again.");
                }
            }
        }
    }

    private static async Task<bool> IsListeningAsync(Uri address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, limit.Token);
            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
    }
}
