namespace Iga.Embedded;

/// <summary>The end of what a program wrote, for an error message.</summary>
internal static class LogTail
{
    public static string Of(string text, int lines) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines));

    /// <returns>What a log file holds from an offset on, at most its last 64 KiB; empty when there is no such file.</returns>
    public static string Read(string file, long from)
    {
        if (!File.Exists(file))
        {
            return "";
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(Math.Min(from, stream.Length), stream.Length - 65_536);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
