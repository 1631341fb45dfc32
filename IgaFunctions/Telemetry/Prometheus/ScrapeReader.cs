using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Iga.Telemetry.Prometheus;

/// <summary>Reads all metrics of the process when it is asked to, and writes them down.</summary>
public sealed class ScrapeReader : BaseExportingMetricReader
{
    private readonly Lock _gate = new();
    private readonly Page _page;

    public ScrapeReader()
        : this(new Page())
    {
    }

    private ScrapeReader(Page page)
        : base(page) => _page = page;

    /// <summary>Takes a millisecond; whoever comes at the same time waits for it.</summary>
    internal string Scrape(PrometheusFormat format)
    {
        lock (_gate)
        {
            var writer = new PrometheusWriter(format);
            _page.Writer = writer;
            Collect();
            _page.Writer = null;
            return writer.ToString();
        }
    }

    private sealed class Page : BaseExporter<Metric>
    {
        /// <summary>Null at the service's end, when all is read once more.</summary>
        public PrometheusWriter? Writer { get; set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                Writer?.Write(metric);
            }

            return ExportResult.Success;
        }
    }
}
