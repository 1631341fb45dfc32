namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientGcsWireTests() : GcsWireTests(GcsWire.Client);
