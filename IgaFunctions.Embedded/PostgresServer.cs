using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Iga.Embedded;

/// <summary>Starts, finds and stops the server of one cluster. Every call needs <see cref="ClusterHome.StartLock"/>.</summary>
internal sealed class PostgresServer(EmbeddedPostgresOptions options, ClusterHome home)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly PostgresLauncher _launcher = new(options, home);

    /// <summary>Finds the server that runs on the cluster already, started by whomever.</summary>
    /// <returns>Its port, or null when none runs.</returns>
    /// <exception cref="EmbeddedServiceException">One runs, but can't be used.</exception>
    public async Task<int?> FindAsync(string password, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        var problem = "it is still starting or stopping";
        while (PostmasterFile.Read(home.Data) is { } file && await file.IsServingAsync(home.Data))
        {
            if (file.IsReady)
            {
                problem = await PostgresConnection.CheckAsync(file.Port, password, home.Data, cancellationToken);
                if (problem is null)
                {
                    return file.Port;
                }
            }

            if (waited.Elapsed > options.StartTimeout)
            {
                throw new EmbeddedServiceException(
                    $"A PostgreSQL server (process {file.ProcessId}) already runs on {home.Data}, but can't be used: {problem}. "
                    + $"Stop it (kill -INT {file.ProcessId}) and start again. Its log is {home.Log}.");
            }

            await Task.Delay(Pause, cancellationToken);
        }

        return null;
    }

    /// <param name="port">The port to try first; null is any free one.</param>
    /// <param name="onlyThatPort">Wait for that port when it is taken, instead of moving to another one.</param>
    /// <returns>The port that the server accepts connections on.</returns>
    /// <exception cref="EmbeddedServiceException">It did not start in time, or ended.</exception>
    public async Task<int> StartAsync(
        PostgresBinaries binaries, string password, int? port, bool onlyThatPort, CancellationToken cancellationToken)
    {
        if (PostmasterFile.Read(home.Data) is { } left && !await left.IsServingAsync(home.Data) && Posix.Exists(left.ProcessId))
        {
            PostmasterFile.ForgetProcess(home.Data);
        }

        _launcher.PrepareFiles();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var attempt = port ?? FreePort();
            var logStart = new FileInfo(home.Log).Length;
            using var process = _launcher.Launch(binaries, attempt);
            var problem = await WaitAsync(process, password, attempt, waited, cancellationToken);
            if (problem is null)
            {
                // Not called off any more: it would leave the server running.
                await File.WriteAllTextAsync(
                    home.PortFile, attempt.ToString(CultureInfo.InvariantCulture), CancellationToken.None);
                return attempt;
            }

            var log = LogTail.Read(home.Log, logStart);
            var taken = log.Contains("Address already in use", StringComparison.Ordinal);

            // Sessions of a server that was killed hold its memory, and the lock, until they notice.
            var crowded = log.Contains("pre-existing shared memory block", StringComparison.Ordinal)
                || (process.HasExited && process.ExitCode == PostgresLauncher.LockIsHeld);
            if (!(taken || crowded) || waited.Elapsed > options.StartTimeout)
            {
                throw new EmbeddedServiceException(Explain(problem, log, attempt, taken, crowded));
            }

            port = taken && !onlyThatPort ? null : attempt;
            await Task.Delay(Pause * 5, cancellationToken);
        }
    }

    /// <summary>Stops the server, in an orderly way or at once, and waits until it has ended.</summary>
    /// <returns>False when it still ran after all that time.</returns>
    public async Task<bool> StopAsync(bool immediate)
    {
        foreach (var (signal, timeout) in immediate
            ? [(Posix.SigQuit, options.StopTimeout)]
            : new[] { (Posix.SigInt, options.StopTimeout), (Posix.SigQuit, TimeSpan.FromSeconds(5)) })
        {
            if (PostmasterFile.Read(home.Data) is not { } file || !await file.IsServingAsync(home.Data))
            {
                return true;
            }

            Posix.Signal(file.ProcessId, signal);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < timeout; await Task.Delay(Pause))
            {
                if (!await file.IsServingAsync(home.Data))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <returns>Null when the server accepts connections, else what is wrong.</returns>
    private async Task<string?> WaitAsync(
        Process process, string password, int port, Stopwatch waited, CancellationToken cancellationToken)
    {
        try
        {
            var problem = "it did not get ready";
            while (waited.Elapsed < options.StartTimeout)
            {
                // Exit code 0 is that of a wrapper which left the server running.
                if (process.HasExited && process.ExitCode != 0)
                {
                    return $"it ended with {process.ExitCode}";
                }

                if (PostmasterFile.Read(home.Data) is { IsReady: true } file && file.Port == port
                    && await file.IsServingAsync(home.Data))
                {
                    problem = await PostgresConnection.CheckAsync(port, password, home.Data, cancellationToken);
                    if (problem is null)
                    {
                        return null;
                    }
                }

                await Task.Delay(Pause, cancellationToken);
            }

            await AbandonAsync(process);
            return $"{problem} within {options.StartTimeout.TotalSeconds:0} s";
        }
        catch (OperationCanceledException)
        {
            await AbandonAsync(process);
            throw;
        }
    }

    private async Task AbandonAsync(Process process)
    {
        if (!process.HasExited) // it may not have written its process id yet, and do so before it obeys
        {
            Posix.Signal(process.Id, Posix.SigInt);
            using var timeout = new CancellationTokenSource(options.StopTimeout);
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await StopAsync(immediate: false);
    }

    private string Explain(string problem, string log, int port, bool taken, bool crowded)
    {
        var advice = (taken, crowded) switch
        {
            (true, _) => $"Port {port} of 127.0.0.1 is taken by another program, and stayed so.",
            (_, true) => $"Another server uses {home.Data}; this process can't see it (it may run in another container). "
                + "Stop it, or set IGA_LOCAL_DIR to another folder.",
            _ when log.Contains("No space left", StringComparison.Ordinal) => $"The disk that holds {home.Data} is full.",
            _ => $"The whole log is {home.Log}. Set POSTGRES_HOST (and POSTGRES_PORT, ...) to use another PostgreSQL.",
        };
        return $"The embedded PostgreSQL did not start: {problem}.\n{LogTail.Of(log, 10)}\n{advice}";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
