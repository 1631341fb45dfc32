using System.Text;
using Iga.Http;

namespace Iga.Telemetry.Prometheus;

/// <summary>GET /metrics: what this process has measured, for Prometheus to fetch. Each process has its own.</summary>
public sealed class MetricsFunction(ScrapeReader reader)
{
    [Function("metrics")]
    public IResult Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "metrics")] HttpRequest request)
    {
        var format = PrometheusFormat.Of([.. request.Headers.Accept]);
        return new Page(format, Encoding.UTF8.GetBytes(reader.Scrape(format)));
    }

    private sealed class Page(PrometheusFormat format, byte[] text) : IResult
    {
        public Task ExecuteAsync(HttpContext context)
        {
            Respond.KeepToTheCaller(context.Response.Headers);
            context.Response.ContentType = format.ContentType;
            context.Response.ContentLength = text.Length;
            return context.Response.Body.WriteAsync(text, CancellationToken.None).AsTask();
        }
    }
}
