using System.Text;
using Iga.Models;

namespace Iga.Tests.Models;

/// <summary>A transport without a wire: one step a call, then the last step for all that follow.</summary>
internal sealed class ScriptedTransport(params Func<CancellationToken, Task<VertexReply>>[] steps) : IVertexTransport
{
    private int _calls;
    private int _outstanding;

    public int Calls => _calls;

    /// <summary>Replies that nobody has disposed yet.</summary>
    public int Outstanding => _outstanding;

    public int MostAtOnce { get; private set; }

    private int _inFlight;

    public static VertexReply Reply(int status, string json, TimeSpan? retryAfter = null) =>
        new(status, Encoding.UTF8.GetBytes(json), retryAfter, new Nothing());

    public static Func<CancellationToken, Task<VertexReply>> Answer(int status, string json, TimeSpan? retryAfter = null) =>
        _ => Task.FromResult(Reply(status, json, retryAfter));

    public static Func<CancellationToken, Task<VertexReply>> Throw(Exception fault) => _ => Task.FromException<VertexReply>(fault);

    public static async Task<VertexReply> Hang(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException();
    }

    public async Task<VertexReply> PostAsync(
        string modelId, string method, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        var step = steps[Math.Min(Interlocked.Increment(ref _calls), steps.Length) - 1];
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inFlight));
        try
        {
            var reply = await step(cancellationToken);
            Interlocked.Increment(ref _outstanding);
            return new(reply.Status, reply.Body, reply.RetryAfter, new Owner(this));
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private sealed class Owner(ScriptedTransport transport) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref transport._outstanding);
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
