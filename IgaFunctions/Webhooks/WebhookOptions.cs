using System.Collections.Frozen;

namespace Iga.Webhooks;

/// <summary>Who is told of the end of tasks, and how that is signed. Without a secret nobody is.</summary>
/// <param name="Secrets">IGA_WEBHOOK_SECRET: the keys, 24 to 64 bytes each, the newest first; each of them signs.</param>
/// <param name="Origins">IGA_WEBHOOK_HOSTS, as <c>https://host:port</c> in lower case.</param>
public sealed record WebhookOptions(IReadOnlyList<byte[]> Secrets, FrozenSet<string> Origins)
{
    public static WebhookOptions Off { get; } = new([], FrozenSet<string>.Empty);

    public bool IsOn => Secrets.Count > 0;
}
