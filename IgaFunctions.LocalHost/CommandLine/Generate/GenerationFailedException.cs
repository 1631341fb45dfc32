namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>The service refused the request, or its task failed.</summary>
/// <param name="message">The service's error code and message.</param>
internal sealed class GenerationFailedException(string message) : Exception(message);
