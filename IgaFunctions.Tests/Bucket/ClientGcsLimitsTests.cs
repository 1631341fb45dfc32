namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientGcsLimitsTests() : GcsLimitsTests(GcsWire.Client);
