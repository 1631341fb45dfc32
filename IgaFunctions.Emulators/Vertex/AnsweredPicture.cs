using System.Text;
using Iga.Emulators.Faults;
using Iga.Emulators.Pictures;

namespace Iga.Emulators.Vertex;

/// <summary>A picture as an answer presents it.</summary>
/// <param name="Times">How often the bytes are repeated.</param>
internal sealed record AnsweredPicture(string ClaimedType, ReadOnlyMemory<byte> Bytes, int Times = 1)
{
    private const int Repeated = 48 * 1024;

    private static readonly byte[] Html = Encoding.UTF8.GetBytes(
        "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>");

    private static readonly Lazy<byte[]> Endless = new(() =>
    {
        var bytes = new byte[Repeated];
        new Random(1).NextBytes(bytes);
        ReadOnlySpan<byte> png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];
        png.CopyTo(bytes);
        return bytes;
    });

    /// <summary>The picture, or what the fault makes of it.</summary>
    public static AnsweredPicture Of(Picture picture, Fault? fault) => fault switch
    {
        Fault.WrongMime => new("image/png", picture.Bytes),
        Fault.DamagedPicture damaged => new(picture.MimeType, DamagedPicture.Of(picture.Bytes.Span, damaged.Damage)),
        Fault.NotAnImage => new("image/png", Html),
        // 48 KiB are 64 KiB of base64: 16 of them a MiB.
        Fault.Oversized oversized => new("image/png", Endless.Value, oversized.Megabytes * 16),
        _ => new(picture.MimeType, picture.Bytes),
    };

    /// <summary>The type that the picture is to be drawn as, whatever was asked for.</summary>
    public static string TypeToDraw(string asked, Fault? fault) =>
        fault is Fault.Jpeg or Fault.WrongMime ? "image/jpeg" : asked;
}
