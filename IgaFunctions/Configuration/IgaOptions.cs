using Iga.Bucket;
using Iga.Callers;
using Iga.GenerateImage;
using Iga.Keys;
using Iga.Limits;
using Iga.Models;
using Iga.Staging;
using Iga.Telemetry;
using Iga.Waiting;

namespace Iga.Configuration;

/// <summary>The service's whole configuration: read once at start, valid by construction, never changed after.</summary>
public sealed record IgaOptions
{
    public required RequestOptions Requests { get; init; }

    public required ApiKeyOptions ApiKeys { get; init; }

    public required LimitOptions Limits { get; init; }

    public required ModelOptions Models { get; init; }

    public required VertexOptions Vertex { get; init; }

    public required StorageOptions Storage { get; init; }

    public required IdempotencyOptions Idempotency { get; init; }

    public required StagingOptions Staging { get; init; }

    public WaitOptions Waits { get; init; } = new();

    public required TelemetryOptions Telemetry { get; init; }

    /// <summary>What the log tells once, at the start: settings without effect, and what could not be checked.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Whether anything of Google's is called. On plain http an emulator answers, and without a bucket nothing is stored.</summary>
    public bool NeedsGoogleCredentials => !Vertex.IsEmulator || (!Storage.IsEmulator && Storage.Bucket is not null);
}
