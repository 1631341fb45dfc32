namespace Iga.Faults;

/// <summary>A call was called off before anything of it was sent, so that nothing can have been paid for.</summary>
internal sealed class CallNotBegunException(CancellationToken cancellationToken) : OperationCanceledException(cancellationToken);
