namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestReadPictureTests() : ReadPictureTests(GcsWire.Rest);
