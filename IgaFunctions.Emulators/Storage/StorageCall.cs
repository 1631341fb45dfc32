namespace Iga.Emulators.Storage;

/// <summary>A request to storage, as it arrived.</summary>
/// <param name="Operation">Such as <c>storage.objects.insert.simple</c>.</param>
/// <param name="Name">The object's name; empty when the request is about a bucket or an upload's session.</param>
public sealed record StorageCall(string Operation, string Bucket, string Name);
