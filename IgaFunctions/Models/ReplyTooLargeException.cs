namespace Iga.Models;

/// <summary>A model's answer was larger than the service is willing to hold in memory.</summary>
public sealed class ReplyTooLargeException(long limit)
    : Exception($"the answer is larger than {limit} bytes");
