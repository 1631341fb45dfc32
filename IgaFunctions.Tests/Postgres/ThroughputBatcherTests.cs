namespace Iga.Tests.Postgres;

public sealed class ThroughputBatcherTests() : BatcherTests(isLatencyBound: false);
