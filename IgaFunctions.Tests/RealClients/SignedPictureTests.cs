using System.Security.Cryptography;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;

namespace Iga.Tests.RealClients;

/// <summary>The whole way on one machine: the service's picture reaches a browser by a URL that the gateway signed.</summary>
public sealed class SignedPictureTests
{
    [Fact]
    public async Task The_picture_of_a_task_is_fetched_by_a_signed_URL()
    {
        await using var service = await OwnService.StartAsync();
        var task = await service.Client.SubmitAsync(Caller.NewKey(), new { prompt = "a lighthouse" });
        var url = (await service.Client.WaitAsync(task)).GetProperty("result").GetProperty("image_url").GetString()!;

        var seen = await NodeScript.RunAsync("storage-sign.mjs", new Dictionary<string, string>
        {
            ["STORAGE_EMULATOR_HOST"] = service.Gcs.Address.ToString().TrimEnd('/'),
            ["IMAGE_URL"] = url,
        });

        Assert.Equal(200, seen.GetProperty("status").GetInt32());
        Assert.Equal("image/png", seen.GetProperty("type").GetString());
        var stored = await service.Gcs.Objects.ReadAsync(Service.Bucket, url[$"gs://{Service.Bucket}/".Length..]);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stored)), seen.GetProperty("sha256").GetString());
    }
}
