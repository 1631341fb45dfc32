using System.Collections.Concurrent;
using Iga.Bench.Fakes;
using Iga.Emulators.Pictures;
using Iga.Emulators.Vertex;

namespace Iga.Bench.Sites;

/// <summary>
/// The model as one host sees it. It finishes, and is paid for, every picture that it begins, whether or not the caller
/// still lives; each is put down for the key that stands in its prompt, and for the run of the host that asked for it.
/// </summary>
internal sealed class MeteredModel : IAsyncDisposable
{
    private static readonly byte[] Png = FakePicture.Png(8 * 1024);
    private static readonly byte[] Jpeg = FakePicture.Jpeg(8 * 1024);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = [];
    private readonly ConcurrentDictionary<string, bool> _reached = [];
    private readonly ConcurrentQueue<PaidPicture> _pictures = [];
    private VertexEmulator _emulator = null!;
    private int _drawing;

    private MeteredModel()
    {
    }

    public VertexEmulator Emulator => _emulator;

    /// <summary>Which run of the host asks at the moment.</summary>
    public HostRun? Caller { get; set; }

    /// <summary>How long a picture takes, from and up to.</summary>
    public (TimeSpan From, TimeSpan To) Pace { get; set; }

    /// <summary>How many pictures are being made.</summary>
    public int Drawing => Volatile.Read(ref _drawing);

    public IReadOnlyCollection<PaidPicture> Pictures => _pictures;

    /// <summary>Pictures that were made but whose answer a scripted fault lost or spoiled.</summary>
    public int Spoiled => _emulator.Faults.ServedByName.Where(f => ModelFaults.Spoiling.Contains(f.Key)).Sum(f => f.Value);

    public static async Task<MeteredModel> StartAsync(CancellationToken cancellationToken)
    {
        var model = new MeteredModel();
        model._emulator = await VertexEmulator.StartAsync(
            new VertexEmulatorOptions { PictureFactory = (wanted, _) => model.DrawAsync(wanted.Prompt) }, cancellationToken);
        return model;
    }

    /// <summary>Keeps a picture for the key unfinished until <see cref="Release"/>.</summary>
    public void Hold(string key) => _held[key] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release(string key)
    {
        if (_held.TryRemove(key, out var hold))
        {
            hold.SetResult();
        }
    }

    /// <summary>Whether a picture for the key was begun, and kept unfinished.</summary>
    public bool HasReached(string key) => _reached.ContainsKey(key);

    /// <summary>Finishes all that is held.</summary>
    public void ReleaseAll()
    {
        foreach (var key in _held.Keys)
        {
            Release(key);
        }
    }

    public ValueTask DisposeAsync()
    {
        ReleaseAll();
        return _emulator.DisposeAsync();
    }

    private async ValueTask<Picture> DrawAsync(string key)
    {
        var caller = Caller ?? throw new InvalidOperationException("A host that was never started calls the model.");
        var begunAt = DateTimeOffset.UtcNow;
        Interlocked.Increment(ref _drawing);
        try
        {
            if (_held.TryGetValue(key, out var hold))
            {
                _reached[key] = true;
                await hold.Task;
            }

            await Task.Delay(Pace.From + ((Pace.To - Pace.From) * Random.Shared.NextDouble()));
            _pictures.Enqueue(new PaidPicture(key, caller, begunAt, DateTimeOffset.UtcNow));

            // The format of a picture is the model's choice, and a second one may well have the other.
            return Random.Shared.Next(2) == 0 ? new Picture(Png, "image/png") : new Picture(Jpeg, "image/jpeg");
        }
        finally
        {
            Interlocked.Decrement(ref _drawing);
        }
    }
}
