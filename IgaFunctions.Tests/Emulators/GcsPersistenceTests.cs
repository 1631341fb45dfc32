using System.Text.Json;
using System.Text.Json.Nodes;
using Iga.Emulators.Storage;

namespace Iga.Tests.Emulators;

public sealed class GcsPersistenceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("iga-gcs-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Objects_are_plain_files_and_survive_a_restart()
    {
        var content = Gcs.Content(300_000);
        string? generation;
        await using (var gcs = await StartAsync())
        {
            generation = (await gcs.UploadMediaAsync("images/iga/a.png", content)).Json.GetProperty("generation").GetString();
            await gcs.Objects.PutAsync(Gcs.Bucket, "gone/b", new byte[] { 1 });
            gcs.Objects.Delete(Gcs.Bucket, "gone/b");
        }

        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(_directory, Gcs.Bucket, "images", "iga", "a.png")));
        Assert.False(Directory.Exists(Path.Combine(_directory, Gcs.Bucket, "gone")));
        await using (var gcs = await StartAsync())
        {
            var item = Assert.Single(gcs.Objects.List(Gcs.Bucket));
            Assert.Equal((generation, "image/png"), ($"{item.Generation}", item.ContentType));
            Assert.Equal(content, await gcs.Objects.ReadAsync(Gcs.Bucket, "images/iga/a.png"));
            Assert.Equal(412, (await gcs.UploadMediaAsync("images/iga/a.png", [1], "&ifGenerationMatch=0")).Status);
            var next = await gcs.Objects.PutAsync(Gcs.Bucket, "images/iga/a.png", new byte[] { 2 });
            Assert.True(next.Generation > item.Generation);
        }
    }

    [Fact]
    public async Task Names_that_no_file_can_have_are_kept_too_and_stay_inside()
    {
        string[] names =
        [
            "a", "a/b", "a/b/c", "d/e", "d", "../../escape", "/absolute", "trailing/", "//", "x/./y", ".gcs/meta/z",
            @"back\slash", new string('n', 600), "tab\there", "日本/灯台.png",
        ];
        await using (var gcs = await StartAsync())
        {
            foreach (var (name, i) in names.Select((n, i) => (n, i)))
            {
                Assert.Equal(200, (await gcs.UploadMediaAsync(name, [(byte)i])).Status);
            }
        }

        await using (var gcs = await StartAsync())
        {
            foreach (var (name, i) in names.Select((n, i) => (n, i)))
            {
                Assert.Equal([(byte)i], await gcs.Objects.ReadAsync(Gcs.Bucket, name));
            }

            Assert.All(names, n => Assert.True(gcs.Objects.Delete(Gcs.Bucket, n)));
            Assert.Empty(gcs.Objects.List(Gcs.Bucket));
        }

        Assert.Equal([".gcs-lock", Gcs.Bucket], EntriesOf(_directory));
        Assert.Equal([".gcs"], EntriesOf(Path.Combine(_directory, Gcs.Bucket)));
    }

    [Fact]
    public async Task A_write_that_was_committed_but_not_put_in_place_is_finished_at_the_next_start()
    {
        var bucket = Path.Combine(_directory, Gcs.Bucket);
        await using (var gcs = await StartAsync())
        {
            await gcs.Objects.PutAsync(Gcs.Bucket, "a", "old"u8.ToArray());
        }

        // As a kill between the two renames leaves it: the metadata names a staged file.
        await File.WriteAllBytesAsync(Path.Combine(bucket, ".gcs", "staging", "new-content"), "new"u8.ToArray());
        await File.WriteAllBytesAsync(Path.Combine(bucket, ".gcs", "staging", "never-committed"), "x"u8.ToArray());
        var meta = Directory.GetFiles(Path.Combine(bucket, ".gcs", "meta")).Single();
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(meta))!;
        kept["Staged"] = "new-content";
        await File.WriteAllTextAsync(meta, kept.ToJsonString(JsonSerializerOptions.Default));

        await using (var gcs = await StartAsync())
        {
            Assert.Equal("new"u8.ToArray(), await gcs.Objects.ReadAsync(Gcs.Bucket, "a"));
            Assert.Empty(Directory.GetFiles(Path.Combine(bucket, ".gcs", "staging")));
        }
    }

    [Fact]
    public async Task A_file_that_was_deleted_by_hand_is_no_object_any_more()
    {
        await using (var gcs = await StartAsync())
        {
            await gcs.Objects.PutAsync(Gcs.Bucket, "a", new byte[] { 1 });
            File.Delete(Path.Combine(_directory, Gcs.Bucket, "a"));
            Assert.Equal(404, (await gcs.GetAsync(Gcs.ObjectPath("a") + "?alt=media")).Status);
        }

        await using (var gcs = await StartAsync())
        {
            Assert.Empty(gcs.Objects.List(Gcs.Bucket));
        }
    }

    [Fact]
    public async Task A_directory_has_one_emulator_at_a_time()
    {
        await using var gcs = await StartAsync();
        var e = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains("in use by another emulator", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preconditions_hold_for_twenty_inserts_at_once_on_files_too()
    {
        await using var gcs = await StartAsync();
        var replies = await Task.WhenAll(Enumerable.Range(1, 20).Select(i =>
            gcs.UploadMediaAsync("one", Gcs.Content(10_000, seed: i), "&ifGenerationMatch=0")));
        Assert.Single(replies, r => r.Status == 200);
        Assert.Equal(19, replies.Count(r => r.Status == 412));
        Assert.Empty(Directory.GetFiles(Path.Combine(_directory, Gcs.Bucket, ".gcs", "staging")));
    }

    private static IEnumerable<string?> EntriesOf(string directory) =>
        Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Order();

    private Task<GcsEmulator> StartAsync() => GcsEmulator.StartAsync(new() { DataDirectory = _directory });
}
