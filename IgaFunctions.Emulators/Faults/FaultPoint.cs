namespace Iga.Emulators.Faults;

/// <summary>When a fault strikes, seen from the real work (a picture made, an object stored).</summary>
public enum FaultPoint
{
    /// <summary>First the fault, then the request is served as usual (a delay).</summary>
    BeforeWork,

    /// <summary>The fault is the answer; no picture is made and nothing is stored.</summary>
    InsteadOfWork,

    /// <summary>The work is done in full, then its answer is lost.</summary>
    AfterWork,

    /// <summary>The work is done in full and its answer is sent, but spoiled.</summary>
    InAnswer,
}
