namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestGcsWireTests() : GcsWireTests(GcsWire.Rest);
