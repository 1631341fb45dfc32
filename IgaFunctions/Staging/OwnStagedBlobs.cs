using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Iga.Staging;

/// <summary>Which pictures this process has staged a moment ago: they lie where it staged them, and in no place of earlier versions.</summary>
internal sealed class OwnStagedBlobs : IDisposable
{
    private const int Most = 10_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _ids = new(Options.Create(new MemoryCacheOptions { SizeLimit = Most }));

    public void Add(Guid taskId) =>
        _ids.Set(taskId, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime });

    /// <returns>Whether it was one.</returns>
    public bool Forget(Guid taskId)
    {
        var was = _ids.TryGetValue(taskId, out _);
        _ids.Remove(taskId);
        return was;
    }

    public void Dispose() => _ids.Dispose();
}
