using Iga.Bucket;
using Iga.GenerateImage;
using Iga.Models;
using Iga.Models.Catalog;

namespace Iga.Configuration;

/// <summary>Reads what a request gets that does not say, and checks it against the default model.</summary>
internal static class RequestSettings
{
    public static RequestOptions Read(Settings settings, ModelOptions models, StorageOptions storage)
    {
        var requests = new RequestOptions(
            settings.Text("IGA_DEFAULT_ASPECT_RATIO") ?? "1:1",
            settings.Boolean("IGA_ADD_WATERMARK") ?? true,
            settings.WholeNumber("IGA_MAX_PROMPT_CHARS", 1, 100_000) ?? 4_000,
            settings.Text("IGA_DEFAULT_IMAGE_SIZE"))
        {
            ReferenceBuckets = ReadBuckets(settings, storage),
        };

        if (requests.DefaultImageSize is { } size && !ModelSize.Names.Contains(size))
        {
            settings.Error("IGA_DEFAULT_IMAGE_SIZE", size, $"must be {string.Join(", ", ModelSize.Names)}");
        }
        else if (models.Catalog.Find(models.DefaultModelId) is { } model)
        {
            Check(settings, requests, model);
        }

        return requests;
    }

    private static void Check(Settings settings, RequestOptions requests, CatalogModel model)
    {
        if (!model.Offer.AspectRatios.Contains(requests.DefaultAspectRatio))
        {
            settings.Error("IGA_DEFAULT_ASPECT_RATIO", requests.DefaultAspectRatio,
                $"{model.Id} offers {string.Join(", ", model.Offer.AspectRatios)}");
        }

        if (requests.DefaultImageSize is { } size && model.Offer.SizeOf(size) is null)
        {
            settings.Error("IGA_DEFAULT_IMAGE_SIZE", size, model.Offer.UsualSize.Size is null
                ? $"{model.Id} has one size only; leave the variable out"
                : $"{model.Id} offers {string.Join(", ", model.Offer.ImageSizes.Select(offered => offered.Size))}");
        }

        if (!requests.AddWatermark && !model.Offer.CanOmitWatermark)
        {
            settings.Error("IGA_ADD_WATERMARK", "false",
                $"{model.Id} always adds its watermark; set it to true or choose another model");
        }
    }

    private static string[] ReadBuckets(Settings settings, StorageOptions storage)
    {
        const string name = "IGA_REFERENCE_BUCKETS";
        var others = settings.List(name);
        foreach (var bucket in others.Where(bucket => !IgaOptionsReader.IsBucketName(bucket)))
        {
            settings.Error(name, bucket, "must be a list of buckets' names, such as my-bucket,other-bucket");
        }

        return storage.Bucket is { } own ? [own, .. others] : others;
    }
}
