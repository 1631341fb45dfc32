namespace Iga.Emulators.Pictures;

/// <summary>An encoded picture.</summary>
/// <param name="MimeType">What the bytes are; a fault may have the answer claim something else.</param>
public sealed record Picture(ReadOnlyMemory<byte> Bytes, string MimeType);
