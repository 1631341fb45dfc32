using System.Runtime;
using System.Runtime.InteropServices;

namespace Iga.LocalHost.Host;

/// <summary>
/// Gives the operating system back what was freed. Compiling a method takes native memory for a moment, most of it while a service
/// starts and meets its first tasks, and glibc keeps what was freed in between for the process.
/// </summary>
/// <param name="countCompiled">How many methods were compiled so far: nothing is given back where there were no new ones.</param>
internal sealed class FreedMemory(TimeProvider time, Func<long> countCompiled, Action giveBack) : IHostedService, IDisposable
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);

    private ITimer? _timer;
    private long _compiled;

    public FreedMemory(TimeProvider time)
        : this(time, static () => JitInfo.GetCompiledMethodCount(), GiveBack)
    {
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private static void GiveBack()
    {
        try
        {
            _ = Trim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, which has its own way.
        }
    }

    private void Look()
    {
        var compiled = countCompiled();
        if (compiled != _compiled)
        {
            _compiled = compiled;
            giveBack();
        }
    }

    /// <param name="kept">Bytes that stay with the process.</param>
    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint kept);
}
