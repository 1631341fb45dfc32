using Iga.Images;
using Iga.Staging;

namespace Iga.Tests.Staging;

/// <summary>A staging that does what another does, but for what a test overrides.</summary>
internal abstract class DelegatingStaging(IImageStaging inner) : IImageStaging
{
    protected IImageStaging Inner => inner;

    public Task<StagingRoom> ReserveAsync(string? size, CancellationToken cancellationToken) => inner.ReserveAsync(size, cancellationToken);

    public Task<StagedImage?> FindAsync(Guid taskId, CancellationToken cancellationToken) => inner.FindAsync(taskId, cancellationToken);

    public virtual Task<StagedImage> StageAsync(
        Guid taskId, StagingRoom room, ReadOnlyMemory<byte> image, StagedImage description, CancellationToken cancellationToken) =>
        inner.StageAsync(taskId, room, image, description, cancellationToken);

    public virtual Task<Stream?> OpenAsync(Guid taskId, CancellationToken cancellationToken) => inner.OpenAsync(taskId, cancellationToken);

    public Task DropAsync(Guid taskId, CancellationToken cancellationToken) => inner.DropAsync(taskId, cancellationToken);

    public IAsyncEnumerable<StagingEntry> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);
}
