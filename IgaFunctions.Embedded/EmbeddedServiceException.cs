namespace Iga.Embedded;

/// <summary>
/// An embedded service could not be started or stopped for a reason that the user can do something about.
/// </summary>
/// <param name="message">What was tried, why it failed and what to do; printed to the user as it is.</param>
internal sealed class EmbeddedServiceException(string message, Exception? innerException = null)
    : Exception(message, innerException);
