using Iga.Bucket;
using Iga.Faults;
using Iga.Tests.Fixtures;

namespace Iga.Tests.Bucket;

/// <summary>However many activities have a picture to store, no more of them upload at once than there are descriptors set aside.</summary>
public sealed class UploadsAtOnceTests
{
    private const int Waiting = 50;

    [Fact]
    public async Task More_than_so_many_wait_for_one_to_end_with_no_content_open()
    {
        var held = new HeldTransport();
        var store = new GcsImageStore(
            held, new("bucket", "images/iga/", new Uri("http://localhost")), new SilentObserver(), TimeProvider.System);
        var opened = 0;

        var uploads = Enumerable.Range(0, GcsImageStore.UploadsAtOnce + Waiting).Select(number => store.PutAsync(
            new ImageObject($"{number}.png", "image/png", 1, "AAAAAA==", Guid.NewGuid()), OpenAsync, default)).ToArray();
        await Eventually.Async(() => held.Begun == GcsImageStore.UploadsAtOnce);

        Assert.Equal(GcsImageStore.UploadsAtOnce, opened);
        held.LetGo();
        Assert.Equal(uploads.Length, (await Task.WhenAll(uploads).WaitAsync(Eventually.Deadline)).Length);
        Assert.Equal((uploads.Length, uploads.Length), (held.Begun, opened));

        Task<Stream> OpenAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref opened);
            return Task.FromResult(Stream.Null);
        }
    }

    private sealed class HeldTransport : IGcsTransport
    {
        private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _begun;

        public int Begun => Volatile.Read(ref _begun);

        public void LetGo() => _go.SetResult();

        public async Task<GcsObject?> InsertAsync(string bucket, ImageObject image, Stream content, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _begun);
            await _go.Task.WaitAsync(cancellationToken);
            return new(1, 1, image.Crc32C, image.TaskId.ToString());
        }

        public Task<GcsObject?> FindAsync(string bucket, string name, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Stream?> OpenAsync(
            string bucket, string name, long generation, long offset, long length, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> MarkAdoptedAsync(
            string bucket, string name, long generation, Guid taskId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task DeleteAsync(string bucket, string name, GcsObject seen, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
