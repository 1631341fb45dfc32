namespace Iga.Tests.Bucket;

/// <inheritdoc/>
public sealed class RestGcsLimitsTests() : GcsLimitsTests(GcsWire.Rest);
