using Iga.GoogleCloud;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.GoogleCloud;

public sealed class AnswerBuffersTests : IDisposable
{
    private const int Small = 64 * 1024;
    private const int Large = 1 << 20;

    private readonly FakeTimeProvider _time = new();
    private readonly AnswerBuffers _buffers;

    public AnswerBuffersTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the buffers keep their memory.");
        _buffers = new(Small, Large, _time);
    }

    public void Dispose() => _buffers?.Dispose();

    [Fact]
    public void A_large_buffer_holds_no_memory_once_it_is_given_back_and_serves_the_next_answer()
    {
        var buffer = Filled(Small + 1);

        _buffers.Return(buffer);

        Assert.True(IsEmptied(buffer));
        Assert.Same(buffer, _buffers.Rent(Large));
    }

    [Fact]
    public void A_small_buffer_holds_its_memory_until_no_answer_came_for_a_while()
    {
        var (first, second) = (Filled(1), Filled(Small));
        _buffers.Return(first);
        _time.Advance(AnswerBuffers.IdleTime);
        Assert.False(IsEmptied(first), "one was in use");

        _buffers.Return(second);
        Assert.Same(second, _buffers.Rent(1));
        _time.Advance(AnswerBuffers.IdleTime);
        Assert.False(IsEmptied(second), "it was in use again");

        _buffers.Return(second);
        _time.Advance(AnswerBuffers.IdleTime);

        Assert.True(IsEmptied(first) && IsEmptied(second));
    }

    [Fact]
    public void More_than_a_large_buffer_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffers.Rent(Large + 1));

    private byte[] Filled(int minimumLength)
    {
        var buffer = _buffers.Rent(minimumLength);
        buffer.AsSpan().Fill(1);
        return buffer;
    }

    /// <summary>What the system took back is read as zeros. The first and the last page may stay.</summary>
    private static bool IsEmptied(byte[] buffer) => buffer.AsSpan(buffer.Length / 4, buffer.Length / 2).IndexOfAnyExcept((byte)0) < 0;
}
