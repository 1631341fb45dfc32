namespace Iga.Page;

/// <summary>A file of the page.</summary>
/// <param name="ETag">A strong one, of its bytes.</param>
public sealed record PageAsset(byte[] Bytes, string ContentType, string ETag);
