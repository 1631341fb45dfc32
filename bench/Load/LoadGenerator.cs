using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Iga.Bench.Load;

/// <summary>Clients that send requests in a closed loop, each on a connection of its own that is kept.</summary>
internal static class LoadGenerator
{
    /// <param name="request">The n-th request.</param>
    /// <param name="status">The only good one; 0 takes any below 300.</param>
    /// <param name="seen">Is shown every good answer; called by several clients at once.</param>
    public static async Task<LoadResult> RunAsync(
        Uri address, LoadOptions options, Func<int, ReadOnlyMemory<byte>> request, int status,
        Action<int, Answer>? seen, CancellationToken cancellationToken)
    {
        var lines = Enumerable.Range(0, options.Clients).Select(_ => new HttpLine(address)).ToArray();
        var next = -1;
        var errors = 0;
        string? firstError = null;
        try
        {
            foreach (var line in lines)
            {
                await line.ConnectAsync(cancellationToken);
            }

            var started = Stopwatch.GetTimestamp();
            var times = await Task.WhenAll(lines.Select(line => Task.Run(() => SendAsync(line, started), cancellationToken)));
            return new LoadResult(new Latencies(times.SelectMany(t => t)), Stopwatch.GetElapsedTime(started), errors, firstError);
        }
        finally
        {
            Array.ForEach(lines, line => line.Dispose());
        }

        async Task<List<double>> SendAsync(HttpLine line, long started)
        {
            var times = new List<double>();
            while (Stopwatch.GetElapsedTime(started) < options.Limit)
            {
                var number = Interlocked.Increment(ref next);
                if (number >= options.Requests)
                {
                    break;
                }

                var bytes = request(number);
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    var answer = await line.SendAsync(bytes, cancellationToken);
                    if (status == 0 ? answer.Status is >= 200 and < 300 : answer.Status == status)
                    {
                        times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                        seen?.Invoke(number, answer);
                    }
                    else
                    {
                        Fail($"{answer.Status} {Encoding.UTF8.GetString(answer.Body.Span)}");
                    }
                }
                catch (Exception broken) when (broken is SocketException or IOException)
                {
                    Fail(broken.Message);
                }

                if (options.Pause > TimeSpan.Zero)
                {
                    await Task.Delay(options.Pause, cancellationToken);
                }
            }

            // An idle connection would hold a worker of a server that serves one connection at a time.
            line.Dispose();
            return times;
        }

        void Fail(string error)
        {
            Interlocked.Increment(ref errors);
            Interlocked.CompareExchange(ref firstError, error, null);
        }
    }
}
