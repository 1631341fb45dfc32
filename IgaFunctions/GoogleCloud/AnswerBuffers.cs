using System.Buffers;
using System.Runtime.InteropServices;

namespace Iga.GoogleCloud;

/// <summary>
/// The memory that answers of the model are read into: a few buffers that stay, and whose pages go back to the operating system when
/// nobody uses them. <see cref="ArrayPool{T}.Shared"/> keeps a buffer for each thread that ever gave one back, until the next full
/// collection, which a service at rest does not make.
/// </summary>
/// <remarks>
/// A page of a buffer costs memory only once it is written to, so that a large buffer costs what the answer in it is long. How many
/// buffers there are is up to those who rent: <see cref="ReadingSlots"/> bounds them.
/// </remarks>
internal sealed class AnswerBuffers : ArrayPool<byte>, IDisposable
{
    /// <summary>A small buffer keeps its pages for so long after the last answer: the next one comes faster.</summary>
    internal static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private readonly int _smallSize;
    private readonly int _largeSize;
    private readonly Stack<byte[]> _small = [];
    private readonly Stack<byte[]> _large = [];
    private readonly Lock _gate = new();
    private readonly ITimer _idle;
    private int _smallOut;

    /// <param name="smallSize">Bytes of a small buffer.</param>
    /// <param name="largeSize">Bytes of a large one; nobody may ask for more.</param>
    public AnswerBuffers(int smallSize, int largeSize, TimeProvider time)
    {
        (_smallSize, _largeSize) = (smallSize, largeSize);
        _idle = time.CreateTimer(
            static buffers => ((AnswerBuffers)buffers!).EmptySmall(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override byte[] Rent(int minimumLength)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minimumLength, _largeSize);
        var isSmall = minimumLength <= _smallSize;
        lock (_gate)
        {
            _smallOut += isSmall ? 1 : 0;
            if ((isSmall ? _small : _large).TryPop(out var buffer))
            {
                return buffer;
            }
        }

        // Pinned, so that the collector leaves it where it is: its pages are given back by their address.
        return GC.AllocateUninitializedArray<byte>(isSmall ? _smallSize : _largeSize, pinned: true);
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        var isSmall = array.Length == _smallSize;
        if (!isSmall)
        {
            Pages.GiveBack(array);
        }

        lock (_gate)
        {
            (isSmall ? _small : _large).Push(array);
            if (isSmall && --_smallOut == 0)
            {
                _idle.Change(IdleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _idle.Dispose();

    private void EmptySmall()
    {
        lock (_gate)
        {
            if (_smallOut > 0)
            {
                return;
            }

            foreach (var buffer in _small)
            {
                Pages.GiveBack(buffer);
            }
        }
    }

    /// <summary>Memory by the page, which the operating system takes back and gives anew, as zeros, to who writes to it.</summary>
    private static class Pages
    {
        private const int DontNeed = 4;

        /// <param name="pinned">Keeps its address; what it holds is lost where the system can take it back (Linux).</param>
        public static void GiveBack(byte[] pinned)
        {
            if (!OperatingSystem.IsLinux())
            {
                return;
            }

            // Whole pages only: on the first and the last one something else may lie beside the buffer.
            var page = Environment.SystemPageSize;
            var start = Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
            var skipped = (int)((page - (start % page)) % page);
            var length = (pinned.Length - skipped) / page * page;
            if (length > 0)
            {
                _ = Advise(start + skipped, (nuint)length, DontNeed); // where it is refused, the memory stays ours
            }
        }

        [DllImport("libc", EntryPoint = "madvise")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Advise(nint address, nuint length, int advice);
    }
}
