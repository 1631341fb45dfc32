namespace Iga.Tests.Runtime;

public sealed class StickyOrchestrationTests(TestDatabase database) : OrchestrationTests(database, replay: false);
