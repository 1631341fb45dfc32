namespace Iga.LocalHost.Host;

/// <summary>The host lives as long as the program lets it, which listens to the process's signals itself.</summary>
internal sealed class LifetimeOfTheProgram : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
