using System.Text;

namespace Iga.Callers;

/// <summary>A file of keys, an entry a line; blank lines and those that begin with <c>#</c> are left out.</summary>
internal static class ApiKeyFile
{
    /// <summary>Bytes.</summary>
    private const int Largest = 1024 * 1024;

    /// <returns>What the file holds, or why it can't be read.</returns>
    public static (byte[]? Content, string? Problem) Load(string path)
    {
        try
        {
            // Opened anew each time: a mounted secret is changed by pointing the path to another file.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > Largest)
            {
                return (null, $"it is larger than {Largest} bytes");
            }

            var content = new byte[file.Length];
            var length = file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            return (content[..length], null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>Adds the file's keys to the list; a file without any is wrong, so that it never means that no key is needed.</summary>
    public static void Parse(byte[] content, ApiKeyList list)
    {
        using var lines = new StreamReader(new MemoryStream(content), new UTF8Encoding(false));
        var holdsAny = false;
        for (var number = 1; lines.ReadLine() is { } line; number++)
        {
            var entry = line.Trim();
            if (entry.Length > 0 && entry[0] != '#')
            {
                holdsAny = true;
                list.Add($"line {number}", entry, needsName: true);
            }
        }

        if (!holdsAny)
        {
            list.Errors.Add("it holds no key");
        }
    }
}
