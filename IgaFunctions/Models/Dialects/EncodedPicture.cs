namespace Iga.Models.Dialects;

/// <summary>Where in an answer the base64 of a picture lies.</summary>
/// <param name="Start">Behind the opening quote.</param>
/// <param name="Length">Bytes of base64, as they stand in the JSON.</param>
/// <param name="IsEscaped">Whether the base64 contains JSON escapes such as <c>\/</c>.</param>
internal readonly record struct EncodedPicture(int Start, int Length, bool IsEscaped);
