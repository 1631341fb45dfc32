namespace Iga.Emulators.Storage;

/// <summary>How a <see cref="GcsEmulator"/> is to behave.</summary>
public sealed record GcsEmulatorOptions
{
    /// <summary>A loopback address or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 is any free port.</summary>
    public int Port { get; init; }

    /// <summary>So many connections may be open at once; more are refused.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Names that requests may be addressed to, besides localhost and addresses: a web page can have its own name resolve to 127.0.0.1.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>The buckets that exist; null creates any bucket with a valid name when it is first used.</summary>
    public IReadOnlyCollection<string>? Buckets { get; init; }

    /// <summary>
    /// Where objects are kept as plain files, <c>DataDirectory/bucket/object name</c>, and found again after a restart; null
    /// keeps them in memory.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long every request takes, before its work.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>The clock of objects, latency and stalls.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
