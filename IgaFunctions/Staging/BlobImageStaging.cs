using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Iga.Images;
using Iga.Postgres;

namespace Iga.Staging;

/// <summary>
/// Stages in Azure Blob Storage: one blob a picture, named by the task id under the database's, written in one conditional request.
/// Every worker of the app sees it; another app on the account has another container.
/// </summary>
/// <remarks>
/// Version 1.0 left the database's id out, and until 1.1 all apps had one container. What was staged there is still found, so that nothing
/// is paid for twice after an upgrade.
/// </remarks>
internal sealed class BlobImageStaging : IImageStaging, IDisposable
{
    private readonly BlobContainerClient _container;

    /// <summary>The one that all apps had.</summary>
    private readonly BlobContainerClient _earlier;

    private readonly DatabaseIdentity _database;
    private readonly BlobProbe _probe;
    private readonly OwnStagedBlobs _own = new();

    public BlobImageStaging(StagingOptions options, DatabaseIdentity database)
    {
        (_database, _container) = (database, BlobContainers.Of(options));
        _earlier = BlobContainers.Earlier(options);
        _probe = new(_container);
    }

    public async Task<StagingRoom> ReserveAsync(string? size, CancellationToken cancellationToken)
    {
        try
        {
            await _probe.MakeSureAsync(cancellationToken);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw StagingFault.Of(exception);
        }

        return StagingRoom.Endless;
    }

    public async Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken)
    {
        try
        {
            // Asked at once: most often there is none, and the model waits for this.
            var places = await PlacesOfAsync(taskId, cancellationToken);
            var found = await Task.WhenAll(places.Select(blob => blob.DescribeAsync(cancellationToken)));
            return found.FirstOrDefault(image => image is not null);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw StagingFault.Of(exception);
        }
    }

    public async Task<StagedImage> StageAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        try
        {
            var staged = await WriteAsync(taskId, image, description, cancellationToken);
            if (staged == description)
            {
                _own.Add(taskId);
            }

            return staged;
        }
        catch (Exception exception) when (IsFault(exception))
        {
            _probe.Forget();
            throw;
        }
    }

    public async Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken)
    {
        foreach (var blob in await PlacesOfAsync(taskId, cancellationToken))
        {
            if (await blob.OpenAsync(cancellationToken) is { } content)
            {
                return content;
            }
        }

        return null;
    }

    public async Task DropAsync(Guid taskId, CancellationToken cancellationToken)
    {
        _own.Forget(taskId);
        await Task.WhenAll((await PlacesOfAsync(taskId, cancellationToken)).Select(blob => blob.DropAsync(cancellationToken)));
    }

    /// <summary>What this process has just staged lies in no other place.</summary>
    public async Task ReleaseAsync(Guid taskId, CancellationToken cancellationToken)
    {
        if (_own.Forget(taskId))
        {
            await (await BlobOfAsync(taskId, cancellationToken)).DropAsync(cancellationToken);
        }
        else
        {
            await DropAsync(taskId, cancellationToken);
        }
    }

    public void Dispose() => _own.Dispose();

    public async IAsyncEnumerable<StagingEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = await PrefixAsync(cancellationToken);
        foreach (var (container, place) in Places(prefix))
        {
            if (!await container.ExistsAsync(cancellationToken))
            {
                continue;
            }

            await foreach (var blob in ListAsync(container, place, cancellationToken))
            {
                if (Guid.TryParseExact(blob.Name[place.Length..], "D", out var taskId))
                {
                    yield return new(
                        taskId, blob.Properties.LastModified ?? DateTimeOffset.UnixEpoch, MayBeForeign: place.Length == 0);
                }
            }
        }
    }

    private async Task<StagedImage> WriteAsync(
        Guid taskId, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken)
    {
        var blob = await BlobOfAsync(taskId, cancellationToken);
        try
        {
            await blob.WriteAsync(image, description, overwrite: false, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return await WriteAsync(taskId, image, description, cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            if (await FindAsync(taskId, cancellationToken) is { } faster)
            {
                return faster;
            }

            await blob.WriteAsync(image, description, overwrite: true, cancellationToken);
        }

        return description;
    }

    /// <summary>The blobs right under a prefix, and none of those of other databases.</summary>
    private static IAsyncEnumerable<BlobItem> ListAsync(
        BlobContainerClient container, string prefix, CancellationToken cancellationToken) => container
        .GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", prefix, cancellationToken)
        .Where(item => item.IsBlob)
        .Select(item => item.Blob);

    /// <summary>A refusal; or, after the client's tries, all that they met.</summary>
    private static bool IsFault(Exception exception) => exception is RequestFailedException or AggregateException;

    private async ValueTask<BlobClient> BlobOfAsync(Guid taskId, CancellationToken cancellationToken) =>
        _container.GetBlobClient($"{await PrefixAsync(cancellationToken)}{taskId}");

    /// <summary>Where pictures are staged, and where earlier versions did: the container, and what precedes the task's id.</summary>
    private (BlobContainerClient Container, string Prefix)[] Places(string prefix) => _container.Name == _earlier.Name
        ? [(_container, prefix), (_earlier, "")]
        : [(_container, prefix), (_earlier, prefix), (_earlier, "")];

    private async ValueTask<IEnumerable<BlobClient>> PlacesOfAsync(Guid taskId, CancellationToken cancellationToken) =>
        Places(await PrefixAsync(cancellationToken)).Select(place => place.Container.GetBlobClient($"{place.Prefix}{taskId}"));

    private async ValueTask<string> PrefixAsync(CancellationToken cancellationToken) =>
        $"{await _database.GetAsync(cancellationToken):N}/";
}
