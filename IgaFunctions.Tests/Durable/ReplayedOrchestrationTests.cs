namespace Iga.Tests.Durable;

public sealed class ReplayedOrchestrationTests(TestDatabase database) : OrchestrationTests(database, replay: true);
