using Iga.Images;
using Iga.Staging;

namespace Iga.Tests.Staging;

internal static class StagingExtensions
{
    public static async Task<StagedImage> StageAsync(this IImageStaging staging, Guid taskId, byte[] picture, ImageFormat format)
    {
        using var room = await staging.ReserveAsync(null, CancellationToken.None);
        return await staging.StageAsync(taskId, room, picture, StagedImage.Of(picture, format), CancellationToken.None);
    }
}
