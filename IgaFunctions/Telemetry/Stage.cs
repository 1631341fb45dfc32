namespace Iga.Telemetry;

/// <summary>The stages of a task that are measured one by one.</summary>
public static class Stage
{
    /// <summary>From the POST's answer until the task's first step begins.</summary>
    public const string Queued = "queued";

    /// <summary>The call of the model that made the picture, with the wait for its turn and short retries.</summary>
    public const string Model = "model";

    /// <summary>The upload that stored the picture, with short retries.</summary>
    public const string Upload = "upload";

    /// <summary>The result is written and the key released.</summary>
    public const string Complete = "complete";
}
