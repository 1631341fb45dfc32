namespace Iga.Bench.Sites;

/// <summary>A picture that the model made.</summary>
/// <param name="Caller">The run of a host that asked for it.</param>
internal sealed record PaidPicture(string Key, HostRun Caller, DateTimeOffset BegunAt, DateTimeOffset MadeAt);
