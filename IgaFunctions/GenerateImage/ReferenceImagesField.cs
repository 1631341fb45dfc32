using System.Text;
using System.Text.Json;
using Iga.Images;
using Iga.Models.Catalog;

namespace Iga.GenerateImage;

/// <summary>Reads <c>reference_images</c>: pictures in buckets that the model is shown beside the prompt.</summary>
internal static class ReferenceImagesField
{
    private const string Scheme = "gs://";

    // The longest name of an object in GCS.
    private const int MaxNameBytes = 1024;

    /// <param name="buckets">Those whose pictures may be referred to.</param>
    /// <returns>Null when there are none.</returns>
    /// <exception cref="Http.RejectedException">The list, or an element of it, is wrong.</exception>
    public static IReadOnlyList<string>? Read(RequestField? found, CatalogModel model, IReadOnlyList<string> buckets)
    {
        if (found is not { } field)
        {
            return null;
        }

        if (field.Value.ValueKind != JsonValueKind.Array)
        {
            throw field.MustBe("a list of gs:// URIs");
        }

        var count = field.Value.GetArrayLength();
        var allowed = model.Offer.MaxReferenceImages;
        if (count > allowed)
        {
            throw field.Refuse(allowed == 0
                ? $"is given, but {model.Id} takes no reference pictures; leave it out or choose another model"
                : $"holds {count} pictures; {model.Id} takes at most {allowed}");
        }

        return count == 0 ? null
            : [.. field.Value.EnumerateArray().Select((value, n) => Check(field with { Name = $"{field.Name}[{n}]", Value = value }, buckets))];
    }

    private static string Check(RequestField picture, IReadOnlyList<string> buckets)
    {
        var uri = picture.Text();
        var slash = uri.StartsWith(Scheme, StringComparison.Ordinal) ? uri.IndexOf('/', Scheme.Length) : -1;
        var name = slash < 0 ? "" : uri[(slash + 1)..];
        if (slash <= Scheme.Length || name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes || name.Any(char.IsControl))
        {
            throw picture.Refuse("must be the address of a picture, such as gs://my-bucket/folder/picture.png");
        }

        if (!buckets.Contains(uri[Scheme.Length..slash]))
        {
            throw picture.Refuse($"is in a bucket that requests may not refer to; allowed are {string.Join(", ", buckets)}");
        }

        return ReferencePicture.ContentTypeOf(name) is not null
            ? uri
            : throw picture.Refuse($"must end in {ReferencePicture.Extensions}");
    }
}
