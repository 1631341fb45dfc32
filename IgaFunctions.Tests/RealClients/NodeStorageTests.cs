using System.Security.Cryptography;
using System.Text.Json;
using Iga.Emulators.Storage;
using Iga.Tests.Emulators;

namespace Iga.Tests.RealClients;

/// <summary>The emulator of GCS, as @google-cloud/storage for Node takes it.</summary>
public sealed class NodeStorageTests : IAsyncLifetime
{
    private static readonly string[] Names = ["a", "images/", "images/1.png", "images/2.png", "images/deep/3.png", "z.txt"];

    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Fact]
    public async Task Objects_are_uploaded_in_each_way_that_the_client_has()
    {
        var huge = Gcs.Content(33 * 1024 * 1024);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "huge", huge);
        _gcs.Faults.Add("storage.objects.insert.chunk", "return-503-after-512K", match: "retried");

        var seen = await RunAsync("storage-uploads.mjs");

        // The bytes of the wrong checksum are random, and so is the right one.
        var expected = new Dictionary<string, string>
        {
            ["save"] = "same 5 text/plain me",
            ["save-large"] = "same 3145735 application/octet-stream",
            ["save-empty"] = "same 0 application/octet-stream",
            ["save-one-request"] = "same 5 application/octet-stream",
            ["save-md5"] = "same 3145735 application/octet-stream",
            ["save-wrong-crc32c"] = "400 Provided CRC32C \"AAAAAA==\" doesn't match calculated CRC32C",
            ["save-if-absent"] = "same 5 application/octet-stream",
            ["save-if-changed"] = "412 At least one of the pre-conditions you specified did not hold.",
            ["chunks"] = "same 3145735 application/octet-stream",
            ["chunks-whole"] = "same 2097152 application/octet-stream",
            ["stream"] = "same 3145735 image/png",
            ["stream-chunks"] = "same 3145735 application/octet-stream",
            ["stream-empty"] = "same 0 application/octet-stream",
            ["upload.png"] = "same 3145735 image/png",
            ["packed"] = "same",
            ["resumed"] = "same 3145735 image/png",
            ["retried"] = "same 3145735 application/octet-stream",
            ["many-files"] = "file 0, file 1, file 2",
            ["downloaded-in-chunks"] = Convert.ToHexStringLower(SHA256.HashData(huge)),
        };
        Assert.All(expected, e => Assert.StartsWith(e.Value, seen.GetProperty(e.Key).GetString(), StringComparison.Ordinal));
        Assert.Equal(expected.Count, seen.EnumerateObject().Count());
        Assert.Equal(1, _gcs.Faults.Served);
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "save-wrong-crc32c"));
        Assert.Null(_gcs.Objects.Find(Gcs.Bucket, "save-if-changed"));
    }

    [Fact]
    public async Task Parts_of_objects_are_read_and_lists_heed_each_option()
    {
        foreach (var name in Names)
        {
            await _gcs.Objects.PutAsync(Gcs.Bucket, name, new byte[] { 1 });
        }

        await _gcs.Objects.PutAsync(Gcs.Bucket, "ten", "0123456789"u8.ToArray());
        var lists = new Dictionary<string, string>
        {
            ["{}"] = "a images/ images/1.png images/2.png images/deep/3.png ten z.txt",
            ["""{"prefix":"images/","delimiter":"/"}"""] = "images/ images/1.png images/2.png [images/deep/]",
            ["""{"delimiter":"/","includeTrailingDelimiter":true}"""] = "a images/ ten z.txt [images/]",
            ["""{"delimiter":"/","includeFoldersAsPrefixes":true}"""] = "a ten z.txt [images/]",
            ["""{"startOffset":"images/1.png","endOffset":"images/2.png"}"""] = "images/1.png",
            ["""{"matchGlob":"**.png"}"""] = "images/1.png images/2.png images/deep/3.png",
            ["""{"matchGlob":"images/[12].png"}"""] = "images/1.png images/2.png",
            ["""{"matchGlob":"["}"""] = "400 Invalid value for matchGlob: \"[\".",
            ["""{"maxResults":2}"""] = "a images/ …",
            ["""{"versions":true}"""] = "a images/ images/1.png images/2.png images/deep/3.png ten z.txt",
            ["""{"softDeleted":true}"""] = "",
            ["""{"softDeleted":true,"versions":true}"""] = "400 softDeleted and versions can't both be true.",
            ["""{"filter":"contexts.\"a\".value=\"b\""}"""] = "501 The parameter filter of storage.objects.list is not emulated.",
            ["""{"fields":"items(nme)"}"""] = "400 Invalid field selection nme",
        };

        var seen = await RunAsync("storage-reads.mjs", ("LISTS", $"[{string.Join(',', lists.Keys)}]"));

        Assert.Equal(lists, Texts(seen.GetProperty("lists")));
        Assert.Equal("a images/ images/1.png | images/2.png images/deep/3.png ten | z.txt", seen.GetProperty("pages").GetString());
        Assert.Equal("name size", seen.GetProperty("fields").GetString());
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["whole"] = "0123456789",
                ["start-end"] = "234",
                ["from-start"] = "789",
                ["from-zero"] = "0",
                ["tail"] = "789",
                ["past-the-end"] = "89",
                ["nothing"] = "416 The requested range cannot be satisfied.",
                ["generation"] = "0123456789",
                ["old-generation"] = "404 No such object: pictures/ten",
                ["download"] = "12",
                ["missing"] = "404 No such object: pictures/nowhere",
            },
            Texts(seen.GetProperty("reads")));
    }

    private static Dictionary<string, string> Texts(JsonElement values) =>
        values.EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetString()!);

    private Task<JsonElement> RunAsync(string script, params (string, string)[] variables) => NodeScript.RunAsync(
        script,
        new Dictionary<string, string>(variables.Select(v => KeyValuePair.Create(v.Item1, v.Item2)))
        {
            ["ENDPOINT"] = _gcs.Address.ToString(),
        });
}
