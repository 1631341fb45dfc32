namespace Iga.Staging;

/// <summary>Room for one picture in the staging. Whoever has it gives it back by disposing it, or stages a picture in it.</summary>
public sealed class StagingRoom : IDisposable
{
    private readonly Action<string>? _giveBack;
    private string? _file;

    /// <param name="file">A file that has the blocks.</param>
    /// <param name="giveBack">Gets the file once it is used no more, if nobody has taken it.</param>
    internal StagingRoom(string file, Action<string> giveBack) => (_file, _giveBack) = (file, giveBack);

    private StagingRoom()
    {
    }

    /// <summary>Of a staging that has no end.</summary>
    internal static StagingRoom Endless { get; } = new();

    public void Dispose()
    {
        if (TakeFile() is { } file)
        {
            _giveBack!(file);
        }
    }

    /// <returns>The file, which is the caller's from now on; null where there is none, or somebody has taken it.</returns>
    internal string? TakeFile() => Interlocked.Exchange(ref _file, null);
}
