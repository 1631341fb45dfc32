namespace Iga.Callers;

/// <summary>Who sent a request: the holder of an API key that has a name.</summary>
/// <param name="Name">The key's name, as the configuration gives it.</param>
public sealed record Caller(string Name)
{
    /// <returns>Null where the key has no name, or none is needed.</returns>
    public static Caller? Of(HttpContext context) => context.Features.Get<Caller>();
}
