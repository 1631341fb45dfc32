namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class ClientGcsRecoveryTests() : GcsRecoveryTests(GcsWire.Client);
