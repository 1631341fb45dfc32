namespace Iga.Tests.Emulators;

/// <summary>A body whose length is not told before.</summary>
internal sealed class LengthlessStream(byte[] content) : MemoryStream(content)
{
    public override bool CanSeek => false;
}
