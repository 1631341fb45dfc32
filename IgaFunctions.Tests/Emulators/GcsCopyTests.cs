using System.Net.Http.Json;
using System.Text.Json;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

/// <summary>What no client does by itself: requests at the edge of what GCS allows.</summary>
public sealed class GcsCopyTests : IAsyncLifetime
{
    private const int Mebi = 1024 * 1024;

    private GcsEmulator _gcs = null!;
    private long _generation;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Gcs.Bucket, "archive"] });
        _generation = (await _gcs.Objects.PutAsync(Gcs.Bucket, "a", Gcs.Content(3 * Mebi), "image/png")).Generation;
    }

    public async ValueTask DisposeAsync() => await _gcs.DisposeAsync();

    [Theory]
    [InlineData("rewriteTo/b/archive/o/b")]
    [InlineData("copyTo/b/archive/o/b")]
    [InlineData("moveTo/o/b")]
    public async Task Preconditions_hold_for_source_and_target(string call)
    {
        Assert.Equal(412, (await PostAsync($"{call}?ifSourceGenerationMatch=1")).Status);
        Assert.Equal(412, (await PostAsync($"{call}?ifSourceGenerationNotMatch={_generation}")).Status);
        Assert.Equal(412, (await PostAsync($"{call}?ifSourceMetagenerationMatch=2")).Status);
        Assert.Equal(412, (await PostAsync($"{call}?ifGenerationMatch=1")).Status);
        var parameter = await PostAsync($"{call}?ifSourceMoodMatch=1");
        Assert.Equal(501, parameter.Status);
        Assert.Contains("ifSourceMoodMatch", parameter.Body, StringComparison.Ordinal);
        Assert.Equal(501, (await PostAsync($"{call}?destinationKmsKeyName=k")).Status);
        Assert.Equal(200, (await PostAsync($"{call}?ifSourceGenerationMatch={_generation}&ifGenerationMatch=0")).Status);
    }

    [Fact]
    public async Task A_rewrite_to_another_class_goes_on_by_its_token_where_the_caller_limits_it()
    {
        const string Call = "rewriteTo/b/archive/o/b?maxBytesRewrittenPerCall=1048576";
        var cold = new { storageClass = "COLDLINE" };
        var done = new List<string>();
        var token = "";
        do
        {
            var reply = (await PostAsync($"{Call}&rewriteToken={Uri.EscapeDataString(token)}", cold)).Json;
            done.Add($"{reply.GetProperty("totalBytesRewritten")} {reply.GetProperty("done")}");
            token = reply.TryGetProperty("rewriteToken", out var next) ? next.GetString()! : "";
        }
        while (token.Length > 0 && done.Count < 10);

        Assert.Equal([$"{Mebi} False", $"{2 * Mebi} False", $"{3 * Mebi} True"], done);
        Assert.Equal("COLDLINE", _gcs.Objects.Find("archive", "b")!.StorageClass);
        Assert.Equal(400, (await PostAsync("rewriteTo/b/archive/o/b?maxBytesRewrittenPerCall=1000")).Status);
        Assert.Equal(400, (await PostAsync("rewriteTo/b/archive/o/b?rewriteToken=bm9uZQ==")).Status);
    }

    [Theory]
    [InlineData(0, 400)]
    [InlineData(32, 200)]
    [InlineData(33, 400)]
    public async Task An_object_is_composed_of_at_most_32(int sources, int status)
    {
        await _gcs.Objects.PutAsync(Gcs.Bucket, "x", new byte[] { 7 });
        var reply = await ComposeAsync(new { sourceObjects = Enumerable.Repeat(new { name = "x" }, sources) });
        Assert.Equal(status, reply.Status);
        Assert.Equal(status == 200, _gcs.Objects.Find(Gcs.Bucket, "joined") is { Size: 32, ComponentCount: 32, Md5Hash: "" });
    }

    [Fact]
    public async Task A_composition_holds_its_sources_to_their_generations_and_can_take_them_away()
    {
        var wrong = new { name = "a", objectPreconditions = new { ifGenerationMatch = "1" } };
        Assert.Equal(412, (await ComposeAsync(new { sourceObjects = new[] { wrong } })).Status);
        Assert.Equal(404, (await ComposeAsync(new { sourceObjects = new[] { new { name = "a", generation = 1 } } })).Status);
        Assert.Equal(400, (await ComposeAsync(new { sourceObjects = "a" })).Status);
        var right = new { sourceObjects = new[] { new { name = "a" } }, destination = new { contentType = "text/x" }, deleteSourceObjects = true };
        Assert.Equal(200, (await ComposeAsync(right)).Status);
        Assert.Equal("joined", Assert.Single(_gcs.Objects.List(Gcs.Bucket)).Name);

        using var download = await Gcs.Http.GetAsync(new Uri(_gcs.Address, Gcs.ObjectPath("joined") + "?alt=media"));
        Assert.DoesNotContain("md5", download.Headers.GetValues("x-goog-hash").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storage_layout_is_told()
    {
        var layout = (await _gcs.GetAsync("storage/v1/b/pictures/storageLayout")).Json;
        Assert.Equal("""storage#storageLayout pictures US multi-region {"enabled":false}""", string.Join(' ',
            layout.EnumerateObject().Select(p => JsonSerializer.Serialize(p.Value).Trim('"'))));
    }

    [Theory]
    [InlineData("GET", "storage/v1/b", 400)]
    [InlineData("POST", "storage/v1/b", 400)]
    [InlineData("GET", "storage/v1/b?project=p&softDeleted=true", 501)]
    [InlineData("GET", "storage/v1/b/pictures/iam/testPermissions", 400)]
    [InlineData("PATCH", "storage/v1/b/pictures?ifMetagenerationMatch=7", 412)]
    [InlineData("DELETE", "storage/v1/b/archive?ifMetagenerationMatch=7", 412)]
    [InlineData("GET", "storage/v1/b/archive?ifMetagenerationNotMatch=1", 304)]
    [InlineData("POST", "batch/storage/v1", 501)]
    [InlineData("GET", "storage/v1/projects/p/serviceAccount", 404)]
    public async Task What_is_wrong_or_not_there_is_refused(string method, string call, int status) =>
        Assert.Equal(status, (await _gcs.SendAsync(new HttpMethod(method), call, JsonContent.Create(new { name = "made" }))).Status);

    [Fact]
    public async Task What_is_known_of_a_bucket_survives_a_restart()
    {
        var directory = Directory.CreateTempSubdirectory("iga-gcs-").FullName;
        try
        {
            string created;
            await using (var gcs = await GcsEmulator.StartAsync(new() { DataDirectory = directory }))
            {
                await gcs.SendAsync(HttpMethod.Post, "storage/v1/b?project=p", JsonContent.Create(new { name = "made" }));
                var labels = new { labels = new { a = "1" } };
                created = (await gcs.SendAsync(HttpMethod.Patch, "storage/v1/b/made", JsonContent.Create(labels))).Json.ToString();
            }

            await using (var gcs = await GcsEmulator.StartAsync(new() { DataDirectory = directory }))
            {
                var found = (await gcs.GetAsync("storage/v1/b/made")).Json.ToString();
                Assert.Equal(WithoutAddress(created), WithoutAddress(found));
                Assert.Contains("\"a\": \"1\"", found, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        static IEnumerable<string> WithoutAddress(string json) => json.Split('\n').Where(line => !line.Contains("selfLink", StringComparison.Ordinal));
    }

    private Task<Gcs.Reply> PostAsync(string call, object? resource = null) =>
        _gcs.SendAsync(HttpMethod.Post, $"{Gcs.ObjectPath("a")}/{call}", resource is null ? null : JsonContent.Create(resource));

    private Task<Gcs.Reply> ComposeAsync(object request) =>
        _gcs.SendAsync(HttpMethod.Post, $"{Gcs.ObjectPath("joined")}/compose", JsonContent.Create(request));
}
