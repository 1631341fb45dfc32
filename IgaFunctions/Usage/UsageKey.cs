namespace Iga.Usage;

/// <summary>What usage is told by.</summary>
public enum UsageKey
{
    /// <summary>The model that made the picture, else the one that was asked.</summary>
    Model,

    /// <summary>Days (UTC).</summary>
    Day,

    /// <summary>Workflow ids.</summary>
    Workflow,
}
