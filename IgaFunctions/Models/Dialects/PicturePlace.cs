namespace Iga.Models.Dialects;

/// <summary>Where in an answer the bytes of a picture lie, once its base64 is decoded.</summary>
/// <param name="Start">Where the base64 began, behind the opening quote.</param>
/// <param name="Length">Bytes; 0 where it was not base64.</param>
internal readonly record struct PicturePlace(int Start, int Length);
