using Iga.Images;
using Iga.Tests.Models;

namespace Iga.Tests.Staging;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_of_the_standard_comes_out_big_endian() =>
        Assert.Equal(Convert.ToBase64String([0xE3, 0x06, 0x92, 0x83]), Crc32C.Of("123456789"u8));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(400_000)]
    public async Task A_stream_has_the_checksum_of_its_bytes_and_shows_its_first_ones(int size)
    {
        var data = Pictures.Png(Math.Max(size, 8)).AsMemory(0, size);
        var header = new byte[12];

        var (crc, length) = await Crc32C.OfAsync(new Dribble(data.ToArray()), header, CancellationToken.None);

        Assert.Equal((Crc32C.Of(data.Span), size), (crc, length));
        Assert.Equal(data.Span[..Math.Min(12, size)], header.AsSpan(0, Math.Min(12, size)));
    }

    /// <summary>Gives seven bytes at a time.</summary>
    private sealed class Dribble(byte[] data) : MemoryStream(data)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(7, buffer.Length)], cancellationToken);
    }
}
