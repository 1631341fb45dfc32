namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestImageStoreTests() : TinyImageStoreContract(GcsWire.Rest);
