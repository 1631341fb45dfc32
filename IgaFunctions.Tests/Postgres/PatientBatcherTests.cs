namespace Iga.Tests.Postgres;

public sealed class PatientBatcherTests() : BatcherTests(isPrompt: false);
