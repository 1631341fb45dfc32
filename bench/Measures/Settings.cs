namespace Iga.Bench.Measures;

/// <summary>How much is measured.</summary>
/// <param name="IsQuick">Only whether everything works, with little load: for a build's checks.</param>
/// <param name="Rounds">How often each measure is taken on each system, in turns.</param>
internal sealed record Settings(bool IsQuick, int Rounds)
{
    /// <summary>The full amount, or a small one.</summary>
    public T Amount<T>(T full, T quick) => IsQuick ? quick : full;
}
