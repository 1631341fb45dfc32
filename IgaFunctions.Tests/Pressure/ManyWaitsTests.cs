using System.Net;
using System.Net.Sockets;
using System.Text;
using Iga.Connections;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Waiting;

namespace Iga.Tests.Pressure;

/// <summary>Two thousand requests that wait at once, over as many connections.</summary>
[Collection(typeof(Alone))]
public sealed class ManyWaitsTests
{
    private const int Waits = 2000;
    private const int Tasks = 200;

    /// <summary>The callers' ends of the connections are in this process, too, and count.</summary>
    private const long MostBytes = 100_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Two_thousand_waits_take_little_memory_no_threads_and_no_looks_into_the_database_of_their_own()
    {
        Assert.SkipUnless(DescriptorLimit.Current > 4 * Waits, "this process may not open so many sockets");
        await using var service = await OwnService.StartAsync();
        var tasks = new List<Guid>();
        for (var task = 0; task < Tasks; task++)
        {
            tasks.Add((await Claims.LeaveAsync(service, Caller.NewKey(), "a lighthouse")).TaskId);
        }

        // The sweeper takes none of them for left behind, and starts it.
        await service.ExecuteAsync("update idempotency_keys set locked_at = now() + interval '1 hour'");
        using (await service.Client.GetAsync($"/v1/tasks/{tasks[0]}?wait=1"))
        {
        }

        var before = Weigh();
        var sockets = new List<Socket>();
        try
        {
            for (var wait = 0; wait < Waits; wait++)
            {
                sockets.Add(await SendAsync(service.Client.BaseAddress!.Port, tasks[wait % Tasks]));
            }

            await Eventually.Async(() => service.Get<TaskWaits>().Count == Waits, Patience, "all wait");
            var after = Weigh();
            TestContext.Current.TestOutputHelper?.WriteLine($"before {before}, after {after}");
            Assert.InRange(after.Heap - before.Heap, long.MinValue, MostBytes);
            Assert.InRange(after.Resident - before.Resident, long.MinValue, MostBytes);
            Assert.InRange(after.Threads - before.Threads, int.MinValue, Waits / 20);

            var rounds = service.Get<EndedElsewhere>().Rounds;
            using (var statements = new StatementCount())
            {
                await Eventually.Async(() => service.Get<EndedElsewhere>().Rounds >= rounds + 4, Patience, "four looks");
                Assert.InRange(statements.Count, 3, Waits / 4);
            }

            await Claims.FailElsewhereAsync(service, [.. tasks]);
            using var patience = new CancellationTokenSource(Patience);
            foreach (var socket in sockets)
            {
                Assert.Contains("FAILURE", await ReadAsync(socket, patience.Token), StringComparison.Ordinal);
            }

            await Eventually.Async(() => service.Get<TaskWaits>().Count == 0);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<Socket> SendAsync(int port, Guid task)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /v1/tasks/{task}?wait=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[2048];
        var length = 0;
        int read;
        do
        {
            read = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
        }
        while (read > 0 && !Encoding.ASCII.GetString(buffer, 0, length).EndsWith("}}}", StringComparison.Ordinal));

        return Encoding.ASCII.GetString(buffer, 0, length);
    }

    private static (long Heap, long Resident, int Threads) Weigh()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        return (heap, Environment.WorkingSet, ThreadPool.ThreadCount);
    }
}
