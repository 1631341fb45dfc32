using Azure.Storage.Blobs;

namespace Iga.Staging;

/// <summary>
/// Whether a container takes writes. It never fills up, so to ask before each picture would be a request in vain; but what refuses one
/// picture (a key that was changed, a lock, an account that is gone) refuses the next one too. So it is asked at the start, and after
/// a picture was refused until a write succeeds.
/// </summary>
internal sealed class BlobProbe(BlobContainerClient container)
{
    private readonly Lock _gate = new();

    /// <summary>The latest probe, whom all wait for that want to know; null after a refusal.</summary>
    private Task? _probe;

    /// <summary>A picture was refused.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _probe = null;
        }
    }

    /// <exception cref="Azure.RequestFailedException">The container refuses a write.</exception>
    /// <exception cref="AggregateException">It is out of reach.</exception>
    public Task MakeSureAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_probe is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _probe = WriteAsync();
            }

            return _probe.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Its time is limited by the client's options.</summary>
    private async Task WriteAsync()
    {
        await container.CreateIfNotExistsAsync();

        // No task's name, so that the sweeper passes it by.
        await container.GetBlobClient("probe").UploadAsync(BinaryData.FromBytes(new byte[1]), overwrite: true);
    }
}
