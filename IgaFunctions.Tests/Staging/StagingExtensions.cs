using Iga.Images;
using Iga.Staging;

namespace Iga.Tests.Staging;

internal static class StagingExtensions
{
    public static Task<StagedImage> StageAsync(this IImageStaging staging, Guid taskId, byte[] picture, ImageFormat format) =>
        staging.StageAsync(taskId, picture, StagedImage.Of(picture, format), CancellationToken.None);
}
