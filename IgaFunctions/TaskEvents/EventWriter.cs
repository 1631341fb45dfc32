using System.IO.Pipelines;
using System.Threading.Channels;
using Iga.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Iga.TaskEvents;

/// <summary>Writes a stream of server-sent events.</summary>
internal sealed class EventWriter(PipeWriter output, TimeProvider time)
{
    /// <summary>Shorter than proxies wait for a byte: usually 30 s to 60 s, on Azure 230 s.</summary>
    public static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>The headers of a stream, which nothing on the way is to keep or to hold back.</summary>
    public static void Begin(HttpResponse response)
    {
        Respond.KeepToTheCaller(response.Headers);
        response.ContentType = "text/event-stream";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>
    /// Tells how soon to come back, and where the stream begins: a block without data is no event, but its id is what a browser comes back with.
    /// </summary>
    /// <param name="isNew">Who comes back keeps the id that it has until it is told more.</param>
    public async Task GreetAsync(EventId position, bool isNew, CancellationToken cancellationToken)
    {
        var id = isNew ? $"id: {position}\n" : "";
        await WriteAsync(System.Text.Encoding.ASCII.GetBytes($"retry: 2000\n{id}\n"), cancellationToken);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        await output.WriteAsync(frame, cancellationToken);

    /// <summary>Writes what comes, and a comment where nothing has come for a while, until nothing more will come.</summary>
    /// <param name="ended">Tasks whose end is written already: what is found of them from before that is not.</param>
    public async Task WriteAllAsync(
        ChannelReader<TaskEvent> changes, IReadOnlySet<Guid> ended, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = changes.WaitToReadAsync(cancellationToken).AsTask();
            while (!await IsInTimeAsync(next))
            {
                await WriteAsync(": still here\n\n"u8.ToArray(), cancellationToken);
            }

            if (!await next)
            {
                return;
            }

            while (changes.TryRead(out var change))
            {
                if (change.IsEnd || !ended.Contains(change.Task.TaskId))
                {
                    await WriteAsync(change.Frame, cancellationToken);
                }
            }
        }
    }

    private async Task<bool> IsInTimeAsync(Task next)
    {
        await next.WaitAsync(KeepAlive, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next.IsCompleted;
    }
}
