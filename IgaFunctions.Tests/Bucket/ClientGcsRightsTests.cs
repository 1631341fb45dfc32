namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientGcsRightsTests() : GcsRightsTests(GcsWire.Client);
