namespace Iga.Bench.Sites;

/// <summary>The faults that are scripted for the model and the bucket, by their names.</summary>
internal static class ModelFaults
{
    /// <summary>The picture is made, and its answer is lost or useless: another call is the only way to a picture.</summary>
    public static readonly IReadOnlyList<string> Spoiling =
    [
        "return-503-after-body", "return-reset-connection-after-body", "reset-inside-body", "truncate-body", "malformed-json",
    ];

    /// <summary>No picture is made, or it is late.</summary>
    public static readonly IReadOnlyList<string> Passing =
    [
        "return-503", "return-500", "return-429", "return-504", "return-reset-connection", "stall-for-2s", "latency-700ms",
        "stall-for-1s-inside-body",
    ];

    /// <summary>The task fails, for good.</summary>
    public static readonly IReadOnlyList<string> Final = ["blocked-prompt-400", "blocked-prompt-200", "finish-IMAGE_SAFETY"];

    /// <summary>What tasks fail as that met one of <see cref="Final"/>.</summary>
    public static readonly IReadOnlyList<string> FinalKinds = ["prompt_blocked", "no_image_returned"];

    /// <summary>The bucket's, all of them passing.</summary>
    public static readonly IReadOnlyList<string> Storage =
    [
        "return-503", "return-500", "return-429", "return-reset-connection", "return-503-after-body",
        "return-reset-connection-after-body", "stall-for-2s", "stall-for-1s-after-body", "truncate-body", "wrong-crc32c",
        "precondition-failed-412",
    ];
}
