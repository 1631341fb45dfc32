namespace Iga.Bench.Systems;

/// <summary>
/// The processor time that a system uses from here on. Unlike a rate it hardly depends on what else the machine does.
/// </summary>
internal sealed class CpuMeter(Service service)
{
    private readonly TimeSpan _before = ProcessUsage.Of(service.Processes).Cpu;

    /// <returns>Microseconds for each of so many.</returns>
    public double PerOne(int count) => (ProcessUsage.Of(service.Processes).Cpu - _before).TotalMicroseconds / count;
}
