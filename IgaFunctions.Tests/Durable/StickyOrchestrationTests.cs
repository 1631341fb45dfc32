namespace Iga.Tests.Durable;

public sealed class StickyOrchestrationTests(TestDatabase database) : OrchestrationTests(database, replay: false);
