namespace Iga.Tasks;

/// <summary>Task ids as callers write them.</summary>
internal static class TaskIdText
{
    /// <summary>
    /// Takes an id as it was given out, in either case. <see cref="Guid"/> alone takes more: white space around it, and signs
    /// and 0x within.
    /// </summary>
    public static bool TryRead(string text, out Guid id) =>
        Guid.TryParseExact(text, "D", out id) && text.Equals(id.ToString(), StringComparison.OrdinalIgnoreCase);
}
