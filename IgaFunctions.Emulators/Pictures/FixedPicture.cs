namespace Iga.Emulators.Pictures;

/// <summary>A file that is the answer to every request, in place of a drawn picture.</summary>
internal static class FixedPicture
{
    /// <returns>The type that its first bytes say, or null when it is neither a PNG nor a JPEG.</returns>
    public static string? TypeOf(FileInfo file)
    {
        using var stream = file.OpenRead();
        Span<byte> head = stackalloc byte[8];
        return head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)] switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A] => "image/png",
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            _ => null,
        };
    }

    /// <param name="file">A PNG or a JPEG.</param>
    public static Func<PictureRequest, CancellationToken, ValueTask<Picture>> Always(FileInfo file)
    {
        var picture = new Picture(File.ReadAllBytes(file.FullName), TypeOf(file)!);
        return (_, _) => ValueTask.FromResult(picture);
    }
}
