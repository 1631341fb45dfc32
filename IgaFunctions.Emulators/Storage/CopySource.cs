namespace Iga.Emulators.Storage;

/// <summary>An object whose content becomes, or becomes part of, another's.</summary>
/// <param name="Generation">Null is whichever is there.</param>
internal sealed record CopySource(string Bucket, string Name, long? Generation, Preconditions Preconditions);
