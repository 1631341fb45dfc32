namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestGcsRecoveryTests() : GcsRecoveryTests(GcsWire.Rest);
