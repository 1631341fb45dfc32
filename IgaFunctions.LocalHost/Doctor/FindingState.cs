namespace Iga.LocalHost.Doctor;

/// <summary>Whether what was looked at is as it should be.</summary>
internal enum FindingState
{
    Ok,

    /// <summary>Nothing keeps the service from working.</summary>
    Note,

    Wrong,
}
