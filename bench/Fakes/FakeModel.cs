using System.Diagnostics;
using System.Text;

namespace Iga.Bench.Fakes;

/// <summary>Vertex AI in both dialects: the same picture for every prompt, after a set time.</summary>
internal sealed class FakeModel : FakeServer
{
    /// <summary>Bytes of the picture.</summary>
    public const int PictureSize = 1_200_000;

    private readonly ReadOnlyMemory<byte> _content;
    private readonly ReadOnlyMemory<byte> _prediction;
    private CancellationTokenSource _waits = new();
    private int _calls;
    private long _lastTook;
    private int _waiting;
    private int _mostAtOnce;

    public FakeModel()
    {
        var base64 = Convert.ToBase64String(FakePicture.Png(PictureSize));
        _content = Json("200 OK", $$$"""
            {"candidates": [{"content": {"role": "model", "parts": [{"inlineData": {"mimeType": "image/png", "data": "{{{base64}}}"}}]}, "finishReason": "STOP"}]}
            """);
        _prediction = Json("200 OK", $$"""{"predictions": [{"mimeType": "image/png", "bytesBase64Encoded": "{{base64}}"}]}""");
    }

    /// <summary>
    /// How long a picture takes. To set it breaks off the calls that wait: the system that made them is gone, and thousands of
    /// connections would be left of each.
    /// </summary>
    public TimeSpan Latency
    {
        get;
        set
        {
            field = value;
            Volatile.Write(ref _mostAtOnce, 0);
            Interlocked.Exchange(ref _waits, new()).Cancel();
        }
    }

    /// <summary>How many calls waited at once at most, since the latency was set.</summary>
    public int MostAtOnce => Volatile.Read(ref _mostAtOnce);

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>How long the last call waited in fact.</summary>
    public TimeSpan LastTook => TimeSpan.FromTicks(Volatile.Read(ref _lastTook));

    protected override async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(
        string target, ReadOnlyMemory<byte> body, int length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        if (Latency > TimeSpan.Zero)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _waits.Token);
            var began = Stopwatch.GetTimestamp();
            NoteWaiting(Interlocked.Increment(ref _waiting));
            try
            {
                await Task.Delay(Latency, wait.Token);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }

            Volatile.Write(ref _lastTook, Stopwatch.GetElapsedTime(began).Ticks);
        }

        return target.EndsWith(":generateContent", StringComparison.Ordinal) ? _content
            : target.EndsWith(":predict", StringComparison.Ordinal) ? _prediction
            : throw new InvalidOperationException($"The fake model was asked {target}: {Encoding.UTF8.GetString(body.Span)}");
    }

    private void NoteWaiting(int waiting)
    {
        for (var most = _mostAtOnce; waiting > most;)
        {
            most = Interlocked.CompareExchange(ref _mostAtOnce, waiting, most);
        }
    }
}
