namespace Iga.Workflow;

/// <summary>The task's key is in another holder's hands; the task ends and writes nothing more.</summary>
internal sealed class KeyLostException : Exception;
