namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class EmulatedImageStoreOverClientTests() : EmulatedImageStoreContract(GcsWire.Client);
