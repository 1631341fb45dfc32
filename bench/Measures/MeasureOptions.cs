namespace Iga.Bench.Measures;

/// <summary>What a run of the bench does.</summary>
/// <param name="WithPeer">Whether the system that was replaced is measured too.</param>
/// <param name="MayInstall">Whether Debian packages that the peer needs may be installed.</param>
/// <param name="Against">A checkout or published folder of another version, which is measured beside; null for none.</param>
/// <param name="Out">The folder for the report.</param>
internal sealed record MeasureOptions(
    IReadOnlyList<IMeasure> Measures, Settings Settings, bool WithPeer, bool MayInstall, string? Against, string Out);
