using Iga.Bucket;
using Iga.Faults;
using Iga.Images;
using Iga.Tasks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Bucket;

/// <summary>Which objects are a key's, and what becomes of one whose deletion fails.</summary>
public sealed class KeyObjectsTests : IImageStore
{
    private static readonly ImageTask Owner = new(
        Guid.CreateVersion7(), "key", null, new string('f', 64), new ImageRequest("p", "1:1", true, "gemini-3.1-flash-image"), 20);

    private static readonly StagedImage Image = new(3, "image/jpeg", "jpg", "AAAAAA==");

    private readonly List<string> _asked = [];
    private FailureException? _failure;

    private KeyObjects Objects => new(this, new StorageOptions("b", "p/", new("http://127.0.0.1:1")), NullLogger<KeyObjects>.Instance);

    [Fact]
    public async Task A_picture_that_is_known_has_one_name_and_one_that_is_not_has_one_a_format()
    {
        await Objects.PutAsync(Owner, Image, _ => throw new NotSupportedException(), default);
        await Objects.DeleteOwnAsync(Owner, Image, mayLeave: false, default);
        Assert.Equal([_asked[0], _asked[0]], _asked);
        Assert.Matches(@"\Ap/iga_req_[0-9a-f]{16}_f{16}\.jpg\z", _asked[0]);

        _asked.Clear();
        await Objects.DeleteOwnAsync(Owner, image: null, mayLeave: false, default);
        await Objects.AdoptAsync(Owner, default);
        Assert.Equal(["png", "jpg", "webp", "png", "jpg", "webp"], _asked.Select(name => name.Split('.')[1]));
    }

    [Fact]
    public async Task A_bucket_that_is_away_is_told_of_until_the_object_may_be_left()
    {
        _failure = new FailureException(FailureKind.StorageUnavailable, "down", isTransient: true);

        await Assert.ThrowsAsync<FailureException>(() => Objects.DeleteOwnAsync(Owner, Image, mayLeave: false, default));
        await Objects.DeleteOwnAsync(Owner, Image, mayLeave: true, default);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_deletion_that_will_never_be_allowed_does_not_keep_the_task_from_its_end()
    {
        _failure = new FailureException(FailureKind.StorageDenied, "no");

        await Objects.DeleteOwnAsync(Owner, Image, mayLeave: false, default);
        Assert.Single(_asked);
    }

    Task<StoredImage> IImageStore.PutAsync(
        ImageObject image, Func<CancellationToken, Task<Stream>> openContent, CancellationToken cancellationToken)
    {
        _asked.Add(image.Name);
        return Task.FromResult(new StoredImage("", Adopted: false));
    }

    Task<StoredImage?> IImageStore.AdoptAsync(IReadOnlyList<string> names, Guid taskId, CancellationToken cancellationToken)
    {
        _asked.AddRange(names);
        return Task.FromResult<StoredImage?>(null);
    }

    Task IImageStore.DeleteOwnAsync(string name, Guid taskId, CancellationToken cancellationToken)
    {
        _asked.Add(name);
        return _failure is null ? Task.CompletedTask : Task.FromException(_failure);
    }
}
