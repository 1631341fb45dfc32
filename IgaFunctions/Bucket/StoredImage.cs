namespace Iga.Bucket;

/// <summary>The object that the bucket now holds for a key.</summary>
/// <param name="Url"><c>gs://bucket/name</c>.</param>
/// <param name="Adopted">True when the object was there already, put by another run or task of the same key.</param>
/// <param name="ModelId">The model that made it, where the object says that it is not the request's.</param>
/// <param name="Generation">Which version of the object it is; null where that is not known.</param>
public sealed record StoredImage(string Url, bool Adopted, string? ModelId = null, long? Generation = null);
