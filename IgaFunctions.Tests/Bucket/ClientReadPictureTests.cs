namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientReadPictureTests() : ReadPictureTests(GcsWire.Client);
