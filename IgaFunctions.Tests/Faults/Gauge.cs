namespace Iga.Tests.Faults;

/// <summary>Counts what is inside.</summary>
internal sealed class Gauge
{
    private readonly Lock _gate = new();

    public int Now { get; private set; }

    public int Most { get; private set; }

    public IDisposable Enter()
    {
        lock (_gate)
        {
            Most = Math.Max(Most, ++Now);
        }

        return new Inside(this);
    }

    private sealed class Inside(Gauge gauge) : IDisposable
    {
        public void Dispose()
        {
            lock (gauge._gate)
            {
                gauge.Now--;
            }
        }
    }
}
