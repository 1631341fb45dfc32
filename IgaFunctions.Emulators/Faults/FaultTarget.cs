namespace Iga.Emulators.Faults;

/// <summary>Which emulator knows a fault.</summary>
public enum FaultTarget
{
    /// <summary>Every HTTP service can fail so.</summary>
    Any,

    /// <summary>Only a model's answer.</summary>
    Model,

    /// <summary>Only object storage.</summary>
    Storage,
}
