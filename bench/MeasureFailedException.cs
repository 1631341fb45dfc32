namespace Iga.Bench;

/// <summary>What was to be measured did not work as it must; its times would mean nothing.</summary>
internal sealed class MeasureFailedException(string message) : Exception(message);
