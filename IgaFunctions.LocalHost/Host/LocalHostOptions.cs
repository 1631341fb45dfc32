using System.Net;
using Iga.Configuration;

namespace Iga.LocalHost.Host;

/// <summary>What only the local host knows: where it listens and for whom.</summary>
/// <param name="Host">IGA_HOST: an IP address or <c>localhost</c>.</param>
/// <param name="Port">IGA_PORT; 0 takes any free port.</param>
/// <param name="IsDebug">IGA_DEBUG_MODE: log lines of level DEBUG.</param>
/// <param name="ApiKeys">IGA_API_KEYS: one of them is required on every call but health; empty requires none.</param>
/// <param name="ShutdownGrace">IGA_SHUTDOWN_GRACE_SECONDS: how long a stop waits for the calls of the model that are under way.</param>
public sealed record LocalHostOptions(
    string Host, int Port, bool IsDebug, IReadOnlyList<string> ApiKeys, TimeSpan ShutdownGrace)
{
    /// <summary>IGA_ALLOWED_HOSTS: the names that it is reached by, besides localhost and addresses; as <see cref="Functions.Http.AllowedHosts"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>A key that is good for calls of the host's own, null when none is needed.</summary>
    public string? ApiKey => ApiKeys.Count > 0 ? ApiKeys[0] : null;

    public IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    public static LocalHostOptions Read(Settings settings)
    {
        var host = settings.Text("IGA_HOST") ?? "127.0.0.1";
        var keys = settings.List("IGA_API_KEYS");
        var isOpen = settings.Boolean("IGA_ALLOW_ANONYMOUS") ?? false;

        if (host != "localhost" && !IPAddress.TryParse(host, out _))
        {
            settings.Error("IGA_HOST", host, "must be localhost or an IP address, such as 0.0.0.0 for all of the machine's");
        }
        else if (host != "localhost" && !IPAddress.IsLoopback(IPAddress.Parse(host)) && keys.Length == 0 && !isOpen)
        {
            settings.Error("IGA_HOST", host,
                "whoever reaches it could order images; set IGA_API_KEYS, or IGA_ALLOW_ANONYMOUS=true where only callers that "
                + "you trust can reach it, or 127.0.0.1");
        }

        if (keys.Any(key => key.Length < 16))
        {
            settings.Error("IGA_API_KEYS holds a key of fewer than 16 characters (keys are not shown): "
                + "must be a list of long random keys, separated by commas");
        }

        var allowedHosts = settings.List("IGA_ALLOWED_HOSTS");
        if (!allowedHosts.All(Functions.Http.AllowedHosts.IsPattern))
        {
            settings.Error("IGA_ALLOWED_HOSTS", string.Join(',', allowedHosts),
                "must be a list of host names without ports, separated by commas, such as iga.example.com; *.example.com stands for "
                + "all names below it, and * for any name");
        }

        return new LocalHostOptions(
            host, settings.WholeNumber("IGA_PORT", 0, 65_535) ?? 5007, settings.Boolean("IGA_DEBUG_MODE") ?? false, keys,
            TimeSpan.FromSeconds(settings.WholeNumber("IGA_SHUTDOWN_GRACE_SECONDS", 0, 3600) ?? 25))
        {
            AllowedHosts = allowedHosts,
        };
    }
}
