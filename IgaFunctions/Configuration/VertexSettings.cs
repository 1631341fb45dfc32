using System.Globalization;
using System.Text.RegularExpressions;
using Iga.Models;
using Iga.Models.Catalog;

namespace Iga.Configuration;

/// <summary>Reads how Vertex AI is reached.</summary>
internal static partial class VertexSettings
{
    internal const int LongestTimeout = 600;

    public static VertexOptions Read(Settings settings, TokenHosts tokenHosts)
    {
        var endpoint = settings.Address("IGA_VERTEX_ENDPOINT");
        tokenHosts.Check("IGA_VERTEX_ENDPOINT", endpoint);
        var isEmulator = endpoint?.Scheme == Uri.UriSchemeHttp;

        var project = isEmulator
            ? settings.Text("IGA_VERTEXAI_PROJECT_ID", "GCP_PROJECT_ID") ?? "iga-local"
            : settings.Required("must name the Google Cloud project that pays for the images (with none of Vertex AI's variables set the local host brings an emulator)",
                "IGA_VERTEXAI_PROJECT_ID", "GCP_PROJECT_ID");
        if (project.Length > 0 && !ProjectPattern().IsMatch(project))
        {
            settings.Error("IGA_VERTEXAI_PROJECT_ID", project, "must be a project id such as my-project-123");
        }

        const string allowed = "must be global, us, eu or a region such as us-central1";
        var location = endpoint is not null
            ? settings.Text("IGA_VERTEXAI_LOCATION", "GCP_LOCATION") ?? "global"
            : settings.Required(allowed, "IGA_VERTEXAI_LOCATION", "GCP_LOCATION");
        if (location.Length > 0 && !LocationPattern().IsMatch(location))
        {
            settings.Error("IGA_VERTEXAI_LOCATION", location, allowed);
            location = "";
        }

        return new VertexOptions(
            endpoint ?? GooglesAddress(location),
            project,
            location,
            settings.WholeNumber("IGA_MODEL_REQUESTS_PER_MINUTE", 1, 1_000_000),
            settings.WholeNumber("IGA_MODEL_MAX_CONCURRENCY", 1, 100_000),
            ReadTimeouts(settings))
        {
            NoImageRetries = settings.WholeNumber("IGA_RETRY_NO_IMAGE", 0, 2) ?? 1,
        };
    }

    // The multi-regions have addresses of another form; us-aiplatform… does not exist.
    private static Uri GooglesAddress(string location) => new(location switch
    {
        "global" or "" => "https://aiplatform.googleapis.com/",
        "us" or "eu" => $"https://aiplatform.{location}.rep.googleapis.com/",
        _ => $"https://{location}-aiplatform.googleapis.com/",
    });

    /// <summary>Reads <c>120</c>, <c>4K=240</c> or <c>120,2K=180,4K=240</c>.</summary>
    private static CallTimeouts ReadTimeouts(Settings settings)
    {
        const string name = "IGA_MODEL_TIMEOUT_SECONDS";
        TimeSpan? all = null;
        var bySize = new Dictionary<string, TimeSpan>();
        foreach (var item in settings.Text(name)?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            var sides = item.Split('=', StringSplitOptions.TrimEntries);
            var isNumber = int.TryParse(sides[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 1 and <= LongestTimeout;
            var timeout = TimeSpan.FromSeconds(seconds);
            if (isNumber && sides.Length == 1 && all is null)
            {
                all = timeout;
            }
            else if (!isNumber || sides.Length != 2 || !ModelSize.Names.Contains(sides[0]) || !bySize.TryAdd(sides[0], timeout))
            {
                settings.Error(name, item, $"must be a whole number from 1 to {LongestTimeout}, or such numbers by size: 120,4K=240");
            }
        }

        return new CallTimeouts(all, bySize);
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.:-]{0,99}$")]
    private static partial Regex ProjectPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}$")]
    private static partial Regex LocationPattern();
}
