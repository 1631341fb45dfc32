namespace Iga.GenerateImage;

/// <summary>A start was not let into the line: nothing of it has reached the task hub.</summary>
public sealed class StartRefusedException()
    : Exception("Too many starts wait for the task hub, or it does not answer those that are on their way.");
