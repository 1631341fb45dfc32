using Microsoft.Extensions.Hosting;

namespace Iga.Configuration;

/// <summary>Writes the notices of the configuration into the log, once.</summary>
internal sealed class NoticesInTheLog(IgaOptions options, ILogger<NoticesInTheLog> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var notice in options.Notices)
        {
            logger.LogWarning("{notice}", notice);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
