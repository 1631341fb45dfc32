using System.Globalization;
using System.Text.Json.Nodes;

namespace Iga.Tests.Deployment;

/// <summary>A service of the compose file.</summary>
internal sealed class ComposeService(string name, JsonObject settings)
{
    public string Name => name;

    /// <summary>Null where the image is somebody else's.</summary>
    public Dockerfile? Dockerfile => settings["build"]?["dockerfile"]?.GetValue<string>() is { } path ? Dockerfile.Read(path) : null;

    public string[] Command => Texts("command");

    /// <summary>As <c>address:port:port of the container</c>.</summary>
    public string[] Ports => Texts("ports");

    /// <summary>What it lies in, and where it is mounted.</summary>
    public (string From, string To)[] Volumes => [.. Texts("volumes").Select(volume => volume.Split(':')).Select(parts => (parts[0], parts[1]))];

    /// <summary>What the container's variables are: those of the image, and those that the compose file sets.</summary>
    public Dictionary<string, string?> Environment
    {
        get
        {
            var all = Dockerfile?.Environment ?? [];
            foreach (var (variable, value) in settings["environment"]?.AsObject() ?? [])
            {
                all[variable] = Unescaped(value!.GetValue<string>());
            }

            return all;
        }
    }

    /// <summary>The command that says whether it is well, without the word that says how it is started; empty where there is none.</summary>
    public string[] HealthCheck
    {
        get
        {
            string[] test = [.. (settings["healthcheck"]?["test"]?.AsArray() ?? []).Select(one => Unescaped(one!.GetValue<string>()))];
            return test is ["CMD-SHELL", var line] ? ["/bin/sh", "-c", line] : [.. test.Skip(1)];
        }
    }

    /// <summary>Whom it waits for, and until what.</summary>
    public Dictionary<string, string?> DependsOn => (settings["depends_on"]?.AsObject() ?? []).ToDictionary(
        one => one.Key, one => one.Value?["condition"]?.GetValue<string>());

    /// <summary>The service whose network it shares.</summary>
    public string? SharesNetworkOf => settings["network_mode"]?.GetValue<string>()["service:".Length..];

    /// <summary>How long a stop may take; Docker's own 10 s where nothing is said.</summary>
    public TimeSpan StopGracePeriod => TimeSpan.FromSeconds(
        int.Parse(settings["stop_grace_period"]?.GetValue<string>().TrimEnd('s') ?? "10", CultureInfo.InvariantCulture));

    public bool HasProfile(string profile) => Texts("profiles").Contains(profile);

    // In a compose file two dollars stand for one.
    private static string Unescaped(string text) => text.Replace("$$", "$", StringComparison.Ordinal);

    private string[] Texts(string key) => [.. (settings[key]?.AsArray() ?? []).Select(one => one!.GetValue<string>())];
}
