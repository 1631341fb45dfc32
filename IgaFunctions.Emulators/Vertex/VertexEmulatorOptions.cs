using Iga.Emulators.Pictures;

namespace Iga.Emulators.Vertex;

/// <summary>How a <see cref="VertexEmulator"/> is to behave.</summary>
public sealed record VertexEmulatorOptions
{
    /// <summary>A loopback address or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>0 is any free port.</summary>
    public int Port { get; init; }

    /// <summary>So many connections may be open at once; more are refused.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Names that requests may be addressed to, besides localhost and addresses: a web page can have its own name resolve to 127.0.0.1.</summary>
    public IReadOnlyCollection<string> AllowedHosts { get; init; } = [];

    /// <summary>How long a model takes, before its picture is drawn.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// The only models that exist. One that no catalog has takes all that its family does. Null is those of the catalog, and a few that
    /// answer text.
    /// </summary>
    public IReadOnlySet<string>? KnownModels { get; init; }

    /// <summary>A file that adds to the catalog of models, in the form of the service's IGA_MODEL_CATALOG; null is none.</summary>
    public string? ModelCatalogFile { get; init; }

    /// <summary>The type of a picture when the request names none: <c>image/png</c> or <c>image/jpeg</c>.</summary>
    public string DefaultMimeType { get; init; } = "image/png";

    /// <summary>Where pictures come from; null draws one that follows from the prompt. Called from many threads.</summary>
    public Func<PictureRequest, CancellationToken, ValueTask<Picture>>? PictureFactory { get; init; }

    /// <summary>What latency and stalls are measured with.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
