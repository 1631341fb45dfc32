using Iga.Tasks;

namespace Iga.Models.Catalog;

/// <summary>What callers may ask of a model.</summary>
public sealed record ModelOffer
{
    /// <summary>The size of a request that names none, where the model has several.</summary>
    public const string DefaultSize = "1K";

    /// <summary>Width to height, such as <c>16:9</c>.</summary>
    public required IReadOnlyList<string> AspectRatios { get; init; }

    /// <summary>At least one; the only one has no name where the model refuses the field.</summary>
    public required IReadOnlyList<ModelSize> ImageSizes { get; init; }

    /// <summary><c>png</c>, <c>jpeg</c>.</summary>
    public required IReadOnlyList<string> OutputFormats { get; init; }

    public required int MaxReferenceImages { get; init; }

    public required bool TakesSeed { get; init; }

    /// <summary>False where the watermark cannot be switched off.</summary>
    public required bool CanOmitWatermark { get; init; }

    /// <summary>The size that the model draws in when a request names none.</summary>
    public ModelSize UsualSize =>
        ImageSizes.FirstOrDefault(size => size.Size is null or DefaultSize) ?? ImageSizes[0];

    /// <param name="imageSize">As in <see cref="ImageRequest.ImageSize"/>.</param>
    /// <returns>Null when the model does not offer it.</returns>
    public ModelSize? SizeOf(string? imageSize) =>
        imageSize is null ? UsualSize : ImageSizes.FirstOrDefault(size => size.Size == imageSize);

    /// <summary>Whether the model can make what another one was asked for.</summary>
    public bool Covers(ImageRequest request) =>
        AspectRatios.Contains(request.AspectRatio)
        && SizeOf(request.ImageSize) is not null
        && OutputFormats.Contains(request.OutputFormat ?? ImageRequest.DefaultOutputFormat)
        && (request.ReferenceImages?.Count ?? 0) <= MaxReferenceImages
        && (request.Seed is null || (TakesSeed && !(request.AddWatermark && CanOmitWatermark))) // see RequestValidator
        && (request.AddWatermark || CanOmitWatermark);
}
