using Iga.Bucket;
using Iga.Images;
using Iga.Tests.Models;

namespace Iga.Tests.Bucket;

/// <summary>What every <see cref="IImageStore"/> promises, on a bucket that works.</summary>
public abstract class ImageStoreContract : IAsyncLifetime
{
    private static readonly Guid Task1 = Guid.NewGuid();
    private static readonly Guid Task2 = Guid.NewGuid();

    private readonly string _name = $"images/iga/iga_req_{Guid.NewGuid():N}.png";
    private readonly byte[] _picture = Pictures.Png(300_000);

    private protected IImageStore Store { get; private set; } = null!;

    private protected abstract string Bucket { get; }

    public async ValueTask InitializeAsync() => Store = await StartAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task A_new_object_is_stored_whole_with_its_type_and_its_task()
    {
        var stored = await PutAsync(_name, _picture, Task1);

        Assert.NotNull(stored.Generation);
        Assert.Equal(new StoredImage($"gs://{Bucket}/{_name}", Adopted: false), stored with { Generation = null });
        var found = await ReadAsync(_name);
        Assert.Equal(_picture, found?.Content);
        Assert.Equal(("image/png", Task1.ToString()), (found?.ContentType, found?.TaskId));
    }

    [Fact]
    public async Task An_object_of_another_task_is_adopted_and_left_as_it_is()
    {
        await PutAsync(_name, _picture, Task1);

        var stored = await PutAsync(_name, Pictures.Png(500, seed: 2), Task2);

        Assert.NotNull(stored.Generation);
        Assert.Equal(new StoredImage($"gs://{Bucket}/{_name}", Adopted: true), stored with { Generation = null });
        Assert.Equal(_picture, (await ReadAsync(_name))?.Content);
    }

    [Fact]
    public async Task An_object_that_an_earlier_run_of_the_same_task_stored_is_its_own()
    {
        await PutAsync(_name, _picture, Task1);

        Assert.False((await PutAsync(_name, _picture, Task1)).Adopted);
    }

    [Fact]
    public async Task Twenty_tasks_at_once_store_one_object()
    {
        var stored = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(i => PutAsync(_name, Pictures.Png(50_000, seed: i), Guid.NewGuid())));

        Assert.Single(stored, s => !s.Adopted);
        Assert.NotNull(await ReadAsync(_name));
    }

    [Theory]
    [InlineData("a b.png")]
    [InlineData("100%.png")]
    [InlineData("what?#&+=.png")]
    [InlineData("füchse/狐.png")]
    [InlineData("a//b/../c.png")]
    public async Task Any_name_reaches_the_bucket_as_it_is(string odd)
    {
        odd = $"{Guid.NewGuid():N}/{odd}";

        await PutAsync(odd, _picture, Task1);

        Assert.NotNull(await ReadAsync(odd));
        await Store.DeleteOwnAsync(odd, Task1, CancellationToken.None);
        Assert.Null(await ReadAsync(odd));
        await PutAsync(odd, _picture, Task1);
        Assert.True((await PutAsync(odd, _picture, Task2)).Adopted);
    }

    [Fact]
    public async Task A_task_deletes_what_it_stored()
    {
        await PutAsync(_name, _picture, Task1);

        await Store.DeleteOwnAsync(_name, Task1, CancellationToken.None);

        Assert.Null(await ReadAsync(_name));
    }

    [Fact]
    public async Task A_task_does_not_delete_what_another_has_adopted_from_it()
    {
        await PutAsync(_name, _picture, Task1);
        Assert.True((await PutAsync(_name, _picture, Task2)).Adopted);

        await Store.DeleteOwnAsync(_name, Task1, CancellationToken.None);
        await Store.DeleteOwnAsync(_name, Task2, CancellationToken.None);

        Assert.NotNull(await ReadAsync(_name));
    }

    [Fact]
    public async Task An_object_is_found_under_any_of_its_names_and_adopted()
    {
        string[] names = [$"{_name}.a", $"{_name}.b", $"{_name}.c"];
        Assert.Null(await Store.AdoptAsync(names, Task2, CancellationToken.None));
        await PutAsync(names[1], _picture, Task1);

        Assert.Equal($"gs://{Bucket}/{names[1]}", (await Store.AdoptAsync(names, Task2, CancellationToken.None))!.Url);

        await Store.DeleteOwnAsync(names[1], Task1, CancellationToken.None);
        Assert.Equal(_picture, (await ReadAsync(names[1]))?.Content);
    }

    [Theory]
    [InlineData("gemini-2.5-flash-image")]
    [InlineData(null)]
    public async Task An_object_remembers_another_model_than_the_requests(string? model)
    {
        var image = new ImageObject(_name, "image/png", _picture.Length, Crc32C.Of(_picture), Task1, model);
        await Store.PutAsync(image, _ => Task.FromResult<Stream>(new MemoryStream(_picture)), CancellationToken.None);

        Assert.Equal(model, (await Store.AdoptAsync([_name], Task2, CancellationToken.None))!.ModelId);
        Assert.Equal(model, (await PutAsync(_name, Pictures.Png(500, seed: 3), Task2)).ModelId);
    }

    [Fact]
    public async Task Of_an_adoption_and_a_deletion_at_the_same_moment_one_comes_first()
    {
        for (var round = 0; round < 20; round++)
        {
            var own = $"{round}/{_name}";
            await PutAsync(own, _picture, Task1);

            var adoption = Task.Run(() => Store.AdoptAsync([own], Task2, CancellationToken.None));
            await Task.WhenAll(adoption, Task.Run(() => Store.DeleteOwnAsync(own, Task1, CancellationToken.None)));

            Assert.Equal(await adoption is not null, await ReadAsync(own) is not null);
        }
    }

    [Fact]
    public async Task A_task_does_not_delete_what_another_stored()
    {
        await PutAsync(_name, _picture, Task1);

        await Store.DeleteOwnAsync(_name, Task2, CancellationToken.None);

        Assert.NotNull(await ReadAsync(_name));
    }

    [Fact]
    public Task Deleting_what_is_not_there_does_nothing() => Store.DeleteOwnAsync(_name, Task1, CancellationToken.None);

    /// <summary>Starts a bucket, if need be, and a store on it.</summary>
    private protected abstract Task<IImageStore> StartAsync();

    /// <summary>Looks into the bucket, past the store.</summary>
    private protected abstract Task<(byte[] Content, string? ContentType, string? TaskId)?> ReadAsync(string objectName);

    private Task<StoredImage> PutAsync(string objectName, byte[] content, Guid taskId) => Store.PutAsync(
        new(objectName, "image/png", content.Length, Crc32C.Of(content), taskId),
        _ => Task.FromResult<Stream>(new MemoryStream(content)),
        CancellationToken.None);
}
