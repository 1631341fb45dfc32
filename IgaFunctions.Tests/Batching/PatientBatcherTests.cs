namespace Iga.Tests.Batching;

public sealed class PatientBatcherTests() : BatcherTests(isPrompt: false);
