using Iga.Images;

namespace Iga.Tests.Models;

public sealed class ImageFormatTests
{
    [Fact]
    public void The_format_follows_the_bytes()
    {
        Assert.Equal(ImageFormat.Png, ImageFormat.Detect([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]));
        Assert.Equal(ImageFormat.Jpeg, ImageFormat.Detect([0xFF, 0xD8, 0xFF, 0xE0]));
        Assert.Equal(ImageFormat.WebP, ImageFormat.Detect("RIFF\0\0\0\0WEBPVP8 "u8));
        Assert.Null(ImageFormat.Detect("<html>"u8));
        Assert.Null(ImageFormat.Detect([]));
    }
}
