using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsObjectTests : IAsyncLifetime
{
    private GcsEmulator _gcs = null!;

    public async ValueTask InitializeAsync() => _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket] });

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Theory]
    [InlineData("download/storage/v1/b/pictures/o/images%2Fa%2Bb%20%C3%A9.png")]
    [InlineData("storage/v1/b/pictures/o/images%2Fa%2Bb%20%C3%A9.png?alt=media")]
    [InlineData("b/pictures/o/images%2Fa%2Bb%20%C3%A9.png?alt=media")]
    public async Task Content_is_downloaded_with_its_hashes(string path)
    {
        var content = Gcs.Content(200_000);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "images/a+b é.png", content, "image/png");
        using var response = await Gcs.Http.GetAsync(new Uri(_gcs.Address, path));
        Assert.Equal(content, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        var hash = response.Headers.GetValues("x-goog-hash").Single();
        Assert.Contains($"crc32c={Gcs.Crc32C(content)}", hash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bytes=0-9", 206, 0, 10)]
    [InlineData("bytes=990-", 206, 990, 10)]
    [InlineData("bytes=-5", 206, 995, 5)]
    [InlineData("bytes=500-5000", 206, 500, 500)]
    public async Task One_range_can_be_downloaded(string range, int status, int from, int length)
    {
        var content = Gcs.Content(1000);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", content);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gcs.Address, Gcs.ObjectPath("a") + "?alt=media"));
        request.Headers.TryAddWithoutValidation("Range", range);
        using var response = await Gcs.Http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(content[from..(from + length)], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Reads_obey_generations_and_preconditions()
    {
        var item = await _gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 });
        var path = Gcs.ObjectPath("a");
        Assert.Equal(200, (await _gcs.GetAsync(path)).Status);
        var exact = $"{path}?generation={item.Generation}&ifGenerationMatch={item.Generation}";
        Assert.Equal(200, (await _gcs.GetAsync(exact)).Status);
        Assert.Equal(404, (await _gcs.GetAsync($"{path}?generation=1")).Status);
        Assert.Equal(412, (await _gcs.GetAsync($"{path}?ifGenerationMatch=1")).Status);
        Assert.Equal(304, (await _gcs.GetAsync($"{path}?ifGenerationNotMatch={item.Generation}")).Status);
        Assert.Equal(304, (await _gcs.GetAsync($"{path}?ifMetagenerationNotMatch=1&alt=media")).Status);
    }

    [Fact]
    public async Task What_is_missing_is_named()
    {
        var reply = await _gcs.GetAsync(Gcs.ObjectPath("no/where"));
        Assert.Equal((404, "notFound"), (reply.Status, reply.Reason));
        Assert.Equal("No such object: pictures/no/where", reply.Json.GetProperty("error").GetProperty("message").GetString());
        var bucket = await _gcs.GetAsync(Gcs.ObjectPath("a", "elsewhere"));
        Assert.Equal("The specified bucket does not exist.", bucket.Json.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(404, (await _gcs.GetAsync("what/is/this")).Status);
    }

    [Fact]
    public async Task A_delete_obeys_its_precondition()
    {
        var item = await _gcs.Objects.PutAsync(Gcs.Bucket, "a/b", new byte[] { 1 });
        var path = Gcs.ObjectPath("a/b");
        Assert.Equal(412, (await _gcs.SendAsync(HttpMethod.Delete, $"{path}?ifGenerationMatch=1")).Status);
        Assert.Equal(204, (await _gcs.SendAsync(HttpMethod.Delete, $"{path}?ifGenerationMatch={item.Generation}")).Status);
        Assert.Equal(404, (await _gcs.SendAsync(HttpMethod.Delete, path)).Status);
    }

    [Fact]
    public async Task A_patch_merges_metadata_and_counts_the_metageneration()
    {
        var before = new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" };
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 }, metadata: before);
        var changes = new Dictionary<string, string?> { ["x"] = null, ["z"] = "3" };
        var reply = await _gcs.SendAsync(
            HttpMethod.Patch,
            Gcs.ObjectPath("a"),
            JsonContent.Create(new { contentType = "image/png", metadata = changes }));
        Assert.Equal("2", reply.Json.GetProperty("metageneration").GetString());
        var item = _gcs.Objects.Find(Gcs.Bucket, "a")!;
        Assert.Equal("image/png", item.ContentType);
        Assert.Equal(["y=2", "z=3"], item.Metadata.Select(e => $"{e.Key}={e.Value}").Order());
    }

    [Fact]
    public async Task A_list_has_prefixes_delimiters_and_pages()
    {
        foreach (var name in new[] { "a", "images/1", "images/2", "images/deep/3", "z" })
        {
            await _gcs.Objects.PutAsync(Gcs.Bucket, name, new byte[] { 1 });
        }

        Assert.Equal("a images/1 images/2 images/deep/3 z", await ListAsync(""));
        Assert.Equal("images/1 images/2 images/deep/3", await ListAsync("prefix=images/"));
        Assert.Equal("a z | images/", await ListAsync("delimiter=/"));
        Assert.Equal("images/1 images/2 | images/deep/", await ListAsync("prefix=images/&delimiter=/"));
        Assert.Equal("", await ListAsync("prefix=nothing"));

        var pages = new List<string>();
        var token = "";
        do
        {
            var page = (await _gcs.GetAsync($"storage/v1/b/pictures/o?maxResults=2&pageToken={Uri.EscapeDataString(token)}")).Json;
            pages.Add(Names(page));
            token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString()! : "";
        }
        while (token.Length > 0);
        Assert.Equal(["a images/1", "images/2 images/deep/3", "z"], pages);

        async Task<string> ListAsync(string query)
        {
            var page = (await _gcs.GetAsync($"storage/v1/b/pictures/o?{query}")).Json;
            return page.TryGetProperty("prefixes", out var p)
                ? $"{Names(page)} | {string.Join(' ', p.EnumerateArray().Select(e => e.GetString()))}"
                : Names(page);
        }

        static string Names(JsonElement page) => page.TryGetProperty("items", out var items)
            ? string.Join(' ', items.EnumerateArray().Select(o => o.GetProperty("name").GetString()))
            : "";
    }

    [Fact]
    public async Task Buckets_are_listed_created_and_deleted()
    {
        Assert.Equal(200, (await PostAsync("second-bucket")).Status);
        Assert.Equal((409, "conflict"), ((await PostAsync("second-bucket")).Status, (await PostAsync("second-bucket")).Reason));
        Assert.Equal(400, (await PostAsync("../etc")).Status);
        Assert.Equal(200, (await _gcs.GetAsync("storage/v1/b/second-bucket")).Status);
        var names = (await _gcs.GetAsync("storage/v1/b?project=p")).Json.GetProperty("items").EnumerateArray()
            .Select(b => b.GetProperty("name").GetString());
        Assert.Equal(["pictures", "second-bucket"], names);
        Assert.Equal(204, (await _gcs.SendAsync(HttpMethod.Delete, "storage/v1/b/second-bucket")).Status);
        Assert.Equal(404, (await _gcs.GetAsync("storage/v1/b/second-bucket")).Status);
        await _gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 });
        Assert.Equal(409, (await _gcs.SendAsync(HttpMethod.Delete, "storage/v1/b/pictures")).Status);

        Task<Gcs.Reply> PostAsync(string name) =>
            _gcs.SendAsync(HttpMethod.Post, "storage/v1/b?project=p", JsonContent.Create(new { name }));
    }

    [Fact]
    public async Task Any_bucket_exists_when_none_are_listed()
    {
        await using var gcs = await GcsEmulator.StartAsync(new());
        Assert.Equal(200, (await gcs.UploadMediaAsync("a", [1], bucket: "made-up")).Status);
        Assert.Equal(404, (await gcs.UploadMediaAsync("a", [1], bucket: "..")).Status);
        Assert.Equal(JsonValueKind.Object, (await gcs.GetAsync(Gcs.ObjectPath("a", "made-up"))).Json.ValueKind);
    }
}
