namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class EmulatedImageStoreOverRestTests() : EmulatedImageStoreContract(GcsWire.Rest);
