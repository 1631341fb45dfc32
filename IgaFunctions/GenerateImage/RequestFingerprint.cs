using System.Security.Cryptography;
using System.Text.Json;
using Iga.Models;
using Iga.Tasks;

namespace Iga.GenerateImage;

/// <summary>Tells equal effective requests from different ones.</summary>
internal static class RequestFingerprint
{
    /// <returns>The SHA-256 of the effective request in a fixed form, 64 lower-case hex digits.</returns>
    public static string Of(ImageRequest request)
    {
        // An array of strings has one form only; new fields go to its end, so that old fingerprints stay.
        var canonical = JsonSerializer.SerializeToUtf8Bytes(
            [request.Prompt, request.AspectRatio, request.AddWatermark ? "true" : "false", request.ModelId],
            GenerateImageJson.Default.StringArray);
        return Convert.ToHexStringLower(SHA256.HashData(canonical));
    }
}
