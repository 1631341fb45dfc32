using Iga.Images;

namespace Iga.Models;

/// <summary>A picture fresh from a model. Owns its buffer until disposed.</summary>
/// <param name="bytes">The encoded picture; valid until <see cref="Dispose"/>.</param>
/// <param name="owner">What gives the buffer back.</param>
/// <param name="usage">The tokens that the call used, where the model says so.</param>
public sealed class GeneratedImage(
    ReadOnlyMemory<byte> bytes, ImageFormat format, IDisposable owner, TokenUsage? usage = null) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public ImageFormat Format { get; } = format;

    public TokenUsage? Usage { get; } = usage;

    public void Dispose() => owner.Dispose();
}
