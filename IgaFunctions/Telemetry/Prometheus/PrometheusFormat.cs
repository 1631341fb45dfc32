using Microsoft.Net.Http.Headers;

namespace Iga.Telemetry.Prometheus;

/// <summary>A form of text that Prometheus reads, by its media type.</summary>
internal sealed record PrometheusFormat(string ContentType, bool IsOpenMetrics)
{
    public static readonly PrometheusFormat Text = new("text/plain; version=0.0.4; charset=utf-8", false);

    public static readonly PrometheusFormat OpenMetrics =
        new("application/openmetrics-text; version=1.0.0; charset=utf-8", true);

    /// <summary>The one that is asked for; text where neither is, since a person may look with a browser.</summary>
    public static PrometheusFormat Of(IList<string?> accept)
    {
        double open = 0, text = 0;
        foreach (var type in MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var types) ? types : [])
        {
            if (type.MediaType.Equals("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) && IsVersionOne(type))
            {
                open = Math.Max(open, type.Quality ?? 1);
            }
            else if (type.MatchesAllTypes || type.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, type.Quality ?? 1);
            }
        }

        return open > 0 && open >= text ? OpenMetrics : Text;
    }

    private static bool IsVersionOne(MediaTypeHeaderValue type) =>
        type.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase)) is not { } version
        || HeaderUtilities.RemoveQuotes(version.Value).Equals("1.0.0", StringComparison.Ordinal);
}
