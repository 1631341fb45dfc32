namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestGcsRightsTests() : GcsRightsTests(GcsWire.Rest);
