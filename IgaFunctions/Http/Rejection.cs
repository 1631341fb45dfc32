namespace Iga.Http;

/// <summary>Why a request is not accepted.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ErrorCode">One of <see cref="Http.ErrorCode"/>.</param>
/// <param name="Message">Names the field and what was wrong with it.</param>
public sealed record Rejection(int Status, string ErrorCode, string Message);
