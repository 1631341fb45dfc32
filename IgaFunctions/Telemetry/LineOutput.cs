using System.Buffers;

namespace Iga.Telemetry;

/// <summary>
/// Lines on their way to a stream that may be slow: those that come while it is written to go out together, in one write.
/// While it takes nothing more, lines are dropped, so that the service goes on.
/// </summary>
/// <param name="tellDropped">Tells, as a line, how many were dropped; called when the stream takes lines again.</param>
internal sealed class LineOutput(Stream stream, Action<long> tellDropped) : IThreadPoolWorkItem
{
    /// <summary>Bytes that may wait: thousands of tasks' lines.</summary>
    public const int MaxWaiting = 8 * 1024 * 1024;

    /// <summary>Bytes. After a stall the memory for more is given back.</summary>
    private const int Usual = 1024 * 1024;

    private readonly object _gate = new();
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _leaving = new();
    private bool _isWriting;
    private long _dropped;

    /// <param name="line">With its line feed; copied.</param>
    public void Add(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_waiting.WrittenCount + line.Length > MaxWaiting)
            {
                _dropped++;
                return;
            }

            _waiting.Write(line);
            if (_isWriting)
            {
                return;
            }

            _isWriting = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Waits until all lines are written.</summary>
    /// <returns>Whether they were before the time was up.</returns>
    public bool Flush(TimeSpan timeout)
    {
        lock (_gate)
        {
            return !_isWriting || Monitor.Wait(_gate, timeout);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (Take(out var dropped))
        {
            try
            {
                stream.Write(_leaving.WrittenSpan);
                stream.Flush();
            }
            catch (IOException)
            {
                // Nobody reads it any more; there is no other place to say so.
            }

            if (_leaving.Capacity > Usual)
            {
                _leaving = new();
            }
            else
            {
                _leaving.ResetWrittenCount();
            }

            if (dropped > 0)
            {
                tellDropped(dropped);
            }
        }
    }

    /// <summary>Takes the lines that wait, and how many didn't find a place among them.</summary>
    private bool Take(out long dropped)
    {
        lock (_gate)
        {
            (_waiting, _leaving) = (_leaving, _waiting);
            (dropped, _dropped) = (_dropped, 0);
            _isWriting = _leaving.WrittenCount > 0;
            if (!_isWriting)
            {
                Monitor.PulseAll(_gate);
            }

            return _isWriting;
        }
    }
}
