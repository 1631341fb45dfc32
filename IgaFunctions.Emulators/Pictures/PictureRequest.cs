namespace Iga.Emulators.Pictures;

/// <summary>A picture that a model is asked for.</summary>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="MimeType"><c>image/png</c> or <c>image/jpeg</c>.</param>
/// <param name="Index">Which of several pictures for one prompt, from 0.</param>
public sealed record PictureRequest(string Prompt, string ModelId, int Width, int Height, string MimeType, int Index = 0);
