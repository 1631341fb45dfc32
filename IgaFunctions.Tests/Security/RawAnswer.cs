namespace Iga.Tests.Security;

/// <summary>An answer as it came over the wire.</summary>
/// <param name="Head">The status line and the headers.</param>
internal sealed record RawAnswer(int Status, string Head, string Body);
