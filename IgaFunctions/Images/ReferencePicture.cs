namespace Iga.Images;

/// <summary>Pictures that a model may be shown: their formats are wider than <see cref="ImageFormat"/>, which a model answers in.</summary>
internal static class ReferencePicture
{
    public const string Extensions = ".png, .jpg, .jpeg, .webp, .heic or .heif";

    /// <param name="name">An object's name. A model is told the type, and only the name tells it without a look into the bucket.</param>
    /// <returns>The MIME type, or null when the extension is none of <see cref="Extensions"/>.</returns>
    public static string? ContentTypeOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".webp" => "image/webp",
        ".heic" => "image/heic",
        ".heif" => "image/heif",
        _ => null,
    };
}
