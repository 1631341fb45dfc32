using System.Diagnostics.Metrics;

namespace Iga.Telemetry;

/// <summary>Makes an instrument of each <see cref="Figure"/>. A service that is started, so that nothing depends on it.</summary>
internal sealed class FigureInstruments(IMeterFactory meters, IEnumerable<Figure> figures) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(IgaMetrics.MeterName);
        foreach (var figure in figures)
        {
            if (figure.OnlyRises)
            {
                meter.CreateObservableCounter(figure.Name, () => Observe(figure), figure.Unit, figure.Description);
            }
            else
            {
                meter.CreateObservableGauge(figure.Name, () => Observe(figure), figure.Unit, figure.Description);
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Measurement<double>> Observe(Figure figure) =>
        figure.Read() is { } value ? [new Measurement<double>(value)] : [];
}
