using System.Text;
using Iga.Telemetry;

namespace Iga.Tests.Telemetry;

public sealed class LineOutputTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly SlowStream _stream = new();
    private readonly List<long> _told = [];
    private readonly LineOutput _output;

    public LineOutputTests() => _output = new LineOutput(_stream, dropped => _told.Add(dropped));

    public void Dispose() => _stream.Dispose();

    [Fact]
    public void Lines_that_come_while_others_are_written_go_out_together_and_in_order()
    {
        _stream.Hold();
        Add("first");
        _stream.AwaitWrite();
        var others = Enumerable.Range(0, 1_000).Select(number => $"line {number}").ToArray();
        Array.ForEach(others, Add);
        _stream.Release();

        Assert.True(_output.Flush(Timeout));
        Assert.Equal(["first\n", string.Concat(others.Select(line => line + "\n"))], _stream.Writes);
        Assert.Empty(_told);
    }

    [Fact]
    public void While_nobody_takes_lines_callers_go_on_and_are_told_later_how_many_were_dropped()
    {
        _stream.Hold();
        Add("first");
        _stream.AwaitWrite();
        var large = new string('x', LineOutput.MaxWaiting / 8 - 1);
        for (var number = 0; number < 11; number++)
        {
            Add(large);
        }

        Assert.False(_output.Flush(TimeSpan.Zero));
        _stream.Release();

        Assert.True(_output.Flush(Timeout));
        Assert.Equal(6 + LineOutput.MaxWaiting, _stream.Writes.Sum(write => write.Length));
        Add("and on");
        Assert.True(_output.Flush(Timeout));
        Assert.Equal("and on\n", _stream.Writes[^1]);
        Assert.Equal([3], _told);
    }

    [Fact]
    public void A_stream_that_breaks_costs_the_lines_that_were_being_written_and_no_others()
    {
        _stream.Fault = new IOException("Broken pipe");
        Add("lost");
        Assert.True(_output.Flush(Timeout));
        _stream.Fault = null;
        Add("written");

        Assert.True(_output.Flush(Timeout));
        Assert.Equal(["written\n"], _stream.Writes);
    }

    [Fact]
    public async Task Lines_of_many_threads_arrive_whole_each_once()
    {
        var lines = Enumerable.Range(0, 8).SelectMany(
            thread => Enumerable.Range(0, 2_000).Select(number => $"line {number} of thread {thread}")).ToArray();
        await Parallel.ForEachAsync(lines, (line, _) =>
        {
            Add(line);
            return ValueTask.CompletedTask;
        });

        Assert.True(_output.Flush(Timeout));
        var written = string.Concat(_stream.Writes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Order(StringComparer.Ordinal), written.Order(StringComparer.Ordinal));
    }

    private void Add(string line) => _output.Add(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Takes what is written to it while it is not held.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly ManualResetEventSlim _open = new(true);
        private readonly ManualResetEventSlim _called = new();

        public List<string> Writes { get; } = [];

        public Exception? Fault { get; set; }

        public void Hold() => _open.Reset();

        public void Release() => _open.Set();

        public void AwaitWrite() => Assert.True(_called.Wait(Timeout));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _called.Set();
            Assert.True(_open.Wait(Timeout));
            if (Fault is { } fault)
            {
                throw fault;
            }

            Writes.Add(Encoding.UTF8.GetString(buffer));
        }
    }
}
