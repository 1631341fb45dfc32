using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>The checksums that GCS keeps of an object, computed while it arrives.</summary>
internal sealed class Checksums : IDisposable
{
    private readonly Crc32 _crc32C = new(Crc32ParameterSet.Crc32C);
#pragma warning disable CA5351 // MD5 is what the API has; it protects against accidents only.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351

    public string Crc32C
    {
        get
        {
            var bytes = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(bytes, _crc32C.GetCurrentHashAsUInt32());
            return Convert.ToBase64String(bytes);
        }
    }

    public string Md5 => Convert.ToBase64String(_md5.GetCurrentHash());

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _crc32C.Append(bytes);
        _md5.AppendData(bytes);
    }

    /// <exception cref="ApiException">400: what the caller announced is not what arrived.</exception>
    public void Verify(string? crc32C, string? md5)
    {
        if (crc32C is not null && crc32C != Crc32C)
        {
            throw new ApiException(400, "invalid", $"Provided CRC32C \"{crc32C}\" doesn't match calculated CRC32C \"{Crc32C}\".");
        }

        if (md5 is not null && md5 != Md5)
        {
            throw new ApiException(400, "invalid", $"Provided MD5 hash \"{md5}\" doesn't match calculated MD5 hash \"{Md5}\".");
        }
    }

    public void Dispose() => _md5.Dispose();
}
