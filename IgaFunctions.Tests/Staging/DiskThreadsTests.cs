using System.Collections.Concurrent;
using Iga.Staging;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Staging;

/// <summary>Writes that wait for the disk leave the thread pool to all else.</summary>
public sealed class DiskThreadsTests
{
    private readonly DiskThreads _threads = new();

    [Fact]
    public async Task One_alone_is_done_at_once_and_many_on_few_threads_of_their_own()
    {
        Assert.True(_threads.RunAsync(() => Assert.True(Thread.CurrentThread.IsThreadPoolThread), CancellationToken.None).IsCompletedSuccessfully);

        using var disk = new ManualResetEventSlim();
        var used = new ConcurrentBag<Thread>();
        var inside = 0;
        var first = Task.Run(() => _threads.RunAsync(Write, CancellationToken.None));
        await Eventually.Async(() => Volatile.Read(ref inside) == 1);
        var writes = Enumerable.Range(0, 100).Select(_ => _threads.RunAsync(Write, CancellationToken.None)).ToArray();
        await Eventually.Async(() => Volatile.Read(ref inside) == 17);
        disk.Set();
        await Task.WhenAll(writes.Append(first));

        Assert.Equal(101, used.Count);
        Assert.Single(used, thread => thread.IsThreadPoolThread);
        Assert.Equal(17, used.Distinct().Count());

        void Write()
        {
            used.Add(Thread.CurrentThread);
            Interlocked.Increment(ref inside);
            disk.Wait(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task What_goes_wrong_is_told_to_who_asked_alone_or_not()
    {
        using var disk = new ManualResetEventSlim();
        await Assert.ThrowsAsync<IOException>(() => _threads.RunAsync(Fail, CancellationToken.None));
        var other = Task.Run(() => _threads.RunAsync(disk.Wait, CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => _threads.RunAsync(Fail, CancellationToken.None));
        disk.Set();
        await other;

        static void Fail() => throw new IOException("No space left on device");
    }
}
