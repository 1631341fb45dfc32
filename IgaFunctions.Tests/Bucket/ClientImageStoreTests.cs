namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientImageStoreTests() : TinyImageStoreContract(GcsWire.Client);
