using System.Buffers.Binary;
using CsCheck;
using Iga.Images;
using SkiaSharp;

namespace Iga.Tests.Models;

public sealed class WholeImageTests
{
    private static readonly Dictionary<string, byte[]> Real = new()
    {
        ["png"] = Encode(SKEncodedImageFormat.Png, 100),
        ["jpg"] = Encode(SKEncodedImageFormat.Jpeg, 80),
        ["webp"] = Encode(SKEncodedImageFormat.Webp, 80),
        ["lossless webp"] = Encode(SKEncodedImageFormat.Webp, 100),
    };

    public static TheoryData<string> Formats => [.. Real.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_picture_that_an_encoder_made_is_whole_and_tells_its_size(string format)
    {
        var whole = WholeImage.Of(Real[format]);

        Assert.Equal((format.Split(' ')[^1], 57, 43), (whole?.Format.Extension, whole?.Width, whole?.Height));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_picture_that_is_cut_off_anywhere_is_not_whole(string format)
    {
        var picture = Real[format];
        Assert.All(Enumerable.Range(0, picture.Length), length => Assert.Null(WholeImage.Of(picture.AsSpan(0, length))));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_stands_behind_the_end_does_not_count(string format) =>
        Assert.NotNull(WholeImage.Of([.. Real[format], .. "trailing"u8]));

    // On failure CsCheck prints the seed.
    [Fact]
    public void A_png_in_which_anything_was_changed_is_not_whole() =>
        Gen.Select(Gen.Int[0, Real["png"].Length - 1], Gen.Int[1, 255]).Sample(change =>
        {
            var damaged = Real["png"].ToArray();
            damaged[change.Item1] ^= (byte)change.Item2;
            return WholeImage.Of(damaged) is null;
        });

    [Fact]
    public void Bytes_that_only_look_like_a_picture_are_judged_without_an_error()
    {
        var starts = Real.Values.Select(picture => picture[..30]).ToArray();
        Gen.Select(Gen.Int[0, starts.Length - 1], Gen.Int[4, 30], Gen.Byte.Array[0, 200])
            .Sample((which, kept, rest) => { _ = WholeImage.Of([.. starts[which][..kept], .. rest]); });
    }

    [Theory]
    [InlineData(0, 24)]
    [InlineData(32, 0)]
    [InlineData(-1, 24)]
    public void A_png_of_no_size_is_none(int width, int height) =>
        Assert.Null(WholeImage.Of(Pictures.Png(300, width: width, height: height)));

    [Fact]
    public void A_jpeg_of_no_size_is_none()
    {
        var picture = Pictures.Jpeg(300);
        Assert.NotNull(WholeImage.Of(picture));
        picture.AsSpan(25, 2).Clear(); // the height in the frame header
        Assert.Null(WholeImage.Of(picture));
    }

    [Fact]
    public void A_webp_of_no_size_is_none()
    {
        var picture = Real["webp"].ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(picture.AsSpan(picture.AsSpan().IndexOf<byte>([0x9D, 0x01, 0x2A]) + 3), 0);
        Assert.Null(WholeImage.Of(picture));
    }

    [Fact]
    public void A_png_without_pixels_is_none() => Assert.Null(WholeImage.Of([.. Pictures.Png(300)[..33], .. Pictures.Png(300)[^12..]]));

    private static byte[] Encode(SKEncodedImageFormat format, int quality)
    {
        using var bitmap = new SKBitmap(57, 43);
        for (var x = 0; x < bitmap.Width; x++)
        {
            for (var y = 0; y < bitmap.Height; y++)
            {
                bitmap.SetPixel(x, y, new SKColor((byte)(x * 4), (byte)(y * 5), (byte)(x * y)));
            }
        }

        using var data = bitmap.Encode(format, quality);
        return data.ToArray();
    }
}
