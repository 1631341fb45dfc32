using System.Net;
using Iga.Configuration;
using Iga.Connections;

namespace Iga.LocalHost.Host;

/// <summary>What only the local host knows: where it listens and for whom.</summary>
/// <param name="Host">IGA_HOST: an IP address or <c>localhost</c>.</param>
/// <param name="Port">IGA_PORT; 0 takes any free port.</param>
/// <param name="IsDebug">IGA_DEBUG_MODE: log lines of level DEBUG.</param>
/// <param name="MaxConnections">IGA_MAX_CONNECTIONS; null has them follow from the limit of descriptors.</param>
/// <param name="KeepAlive">IGA_KEEP_ALIVE_SECONDS: how long a connection stays open without a request.</param>
/// <param name="ShutdownGrace">IGA_SHUTDOWN_GRACE_SECONDS: how long a stop waits for the calls of the model that are under way.</param>
public sealed record LocalHostOptions(
    string Host, int Port, bool IsDebug, int? MaxConnections, TimeSpan KeepAlive, TimeSpan ShutdownGrace)
{
    /// <summary>IGA_ALLOWED_HOSTS: the names that it is reached by, besides localhost and addresses; as <see cref="Functions.Http.AllowedHosts"/>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    public IPAddress Address => Host == "localhost" ? IPAddress.Loopback : IPAddress.Parse(Host);

    /// <param name="areKeysNeeded">Whether callers need an API key.</param>
    public static LocalHostOptions Read(Settings settings, bool areKeysNeeded)
    {
        var host = settings.Text("IGA_HOST") ?? "127.0.0.1";
        var isOpen = settings.Boolean("IGA_ALLOW_ANONYMOUS") ?? false;

        if (host != "localhost" && !IPAddress.TryParse(host, out _))
        {
            settings.Error("IGA_HOST", host, "must be localhost or an IP address, such as 0.0.0.0 for all of the machine's");
        }
        else if (host != "localhost" && !IPAddress.IsLoopback(IPAddress.Parse(host)) && !areKeysNeeded && !isOpen)
        {
            settings.Error("IGA_HOST", host,
                "whoever reaches it could order images; set IGA_API_KEYS=cpoa:KEY, with a key from: openssl rand -hex 32 (callers send it "
                + "in x-functions-key), or IGA_ALLOW_ANONYMOUS=true where only callers that you trust can reach it, or 127.0.0.1");
        }

        var allowedHosts = settings.List("IGA_ALLOWED_HOSTS");
        if (!allowedHosts.All(Functions.Http.AllowedHosts.IsPattern))
        {
            settings.Error("IGA_ALLOWED_HOSTS", string.Join(',', allowedHosts),
                "must be a list of host names without ports, separated by commas, such as iga.example.com; *.example.com stands for "
                + "all names below it, and * for any name");
        }

        if (host != "localhost" && IPAddress.TryParse(host, out var address) && !IPAddress.IsLoopback(address) && allowedHosts.Length == 0)
        {
            settings.Notice($"IGA_HOST is '{host}' and IGA_ALLOWED_HOSTS is not set: callers that use a name, such as http://iga_service:5007, "
                + "get 421; set IGA_ALLOWED_HOSTS to that name (iga_service)");
        }

        return new LocalHostOptions(
            host, ReadPort(settings), settings.Boolean("IGA_DEBUG_MODE") ?? false,
            settings.WholeNumber("IGA_MAX_CONNECTIONS", DescriptorBudget.LeastConnections, 1_000_000),
            settings.WholeNumber("IGA_KEEP_ALIVE_SECONDS", 1, 3600) is { } seconds
                ? TimeSpan.FromSeconds(seconds)
                : ConnectionTimeouts.OfService.Idle,
            TimeSpan.FromSeconds(settings.WholeNumber("IGA_SHUTDOWN_GRACE_SECONDS", 0, 3600) ?? 25))
        {
            AllowedHosts = allowedHosts,
        };
    }

    private static int ReadPort(Settings settings)
    {
        const string name = "IGA_PORT";
        if (settings.Text(name) is { } value && value.StartsWith("tcp://", StringComparison.Ordinal))
        {
            settings.Error(name, value, "Kubernetes sets it for a Service of the name iga; set enableServiceLinks: false in the pod's spec");
            return 0;
        }

        return settings.WholeNumber(name, 0, 65_535) ?? 5007;
    }
}
