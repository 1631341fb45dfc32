namespace Iga.Tests.Runtime;

public sealed class ReplayedOrchestrationTests(TestDatabase database) : OrchestrationTests(database, replay: true);
