using System.Collections.Frozen;
using System.Net;
using Iga.Webhooks;

namespace Iga.Configuration;

/// <summary>Reads who may be told of the end of tasks, and the keys that sign it. No error that it reports shows a key.</summary>
internal static class WebhookSettings
{
    private const string Secret = "IGA_WEBHOOK_SECRET";
    private const string Hosts = "IGA_WEBHOOK_HOSTS";
    private const string Prefix = "whsec_";
    private const string OfADeveloper = "http://localhost:";

    /// <param name="hasOnlyEmulators">Nothing of Google's is called: a developer's receiver on the same machine may be named.</param>
    public static WebhookOptions Read(Settings settings, bool hasOnlyEmulators)
    {
        var secrets = ReadSecrets(settings);
        var origins = settings.List(Hosts).Select(host => ReadOrigin(settings, host, hasOnlyEmulators)).OfType<string>().ToFrozenSet();
        if (settings.IsSet(Secret) && !settings.IsSet(Hosts))
        {
            settings.Error($"{Hosts} is not set, but {Secret} is: must be the hosts that webhooks may be sent to, separated by commas");
        }
        else if (settings.IsSet(Hosts) && !settings.IsSet(Secret))
        {
            settings.Notice($"{Hosts} is without effect, since {Secret} is not set: no webhooks are sent");
        }

        return new WebhookOptions(secrets, origins);
    }

    private static List<byte[]> ReadSecrets(Settings settings)
    {
        List<byte[]> secrets = [];
        var entries = settings.List(Secret);
        for (var place = 0; place < entries.Length; place++)
        {
            if (ReadSecret(entries[place]) is { } secret)
            {
                secrets.Add(secret);
            }
            else
            {
                settings.Error($"{Secret}, entry {place + 1}: must be {Prefix} and the base64 of 24 to 64 random bytes, such as "
                    + $"{Prefix}$(openssl rand -base64 32) makes it");
            }
        }

        if (entries.Length == 0 && settings.IsSet(Secret))
        {
            settings.Error($"{Secret} holds no key");
        }

        return secrets;
    }

    private static byte[]? ReadSecret(string entry)
    {
        if (!entry.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var bytes = new byte[entry.Length];
        return Convert.TryFromBase64String(entry[Prefix.Length..], bytes, out var length) && length is >= 24 and <= 64
            ? bytes[..length] : null;
    }

    /// <returns><c>https://host:port</c>, or null where it is wrong.</returns>
    private static string? ReadOrigin(Settings settings, string entry, bool hasOnlyEmulators)
    {
        var isLocal = entry.StartsWith(OfADeveloper, StringComparison.Ordinal);
        var (host, port) = (isLocal ? entry["http://".Length..] : entry).Split(':') switch
        {
            [var name] => (name, "443"),
            [var name, var number] => (name, number),
            _ => ("", ""),
        };
        if (!ushort.TryParse(port, out var checkedPort) || checkedPort == 0 || Uri.CheckHostName(host) != UriHostNameType.Dns
            || IPAddress.TryParse(host, out _) || (host == "localhost" && !isLocal))
        {
            settings.Error(Hosts, entry, "must be a list of hosts' names such as hooks.example.com,other.example.com:8443; no addresses of "
                + $"machines, no wildcards (beside emulators also {OfADeveloper}PORT)");
            return null;
        }

        if (isLocal && !hasOnlyEmulators)
        {
            settings.Error(Hosts, entry, "a receiver on the same machine can be named only where both Vertex AI and GCS are emulators");
            return null;
        }

        return $"{(isLocal ? "http" : "https")}://{host.ToLowerInvariant()}:{checkedPort}";
    }
}
