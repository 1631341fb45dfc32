using System.Security.Cryptography;
using System.Text;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;
using Iga.Emulators.Storage;
using GoogleBucket = Google.Apis.Storage.v1.Data.Bucket;

namespace Iga.Tests.RealClients;

/// <summary>Calls beside uploads and downloads, as Google.Cloud.Storage.V1 makes them and takes their answers.</summary>
public sealed class DotNetStorageCallsTests : IAsyncLifetime
{
    private const string Pictures = "pictures";

    private GcsEmulator _gcs = null!;
    private StorageClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _gcs = await GcsEmulator.StartAsync(new() { Buckets = [Pictures, "archive"] });
        _client = await new StorageClientBuilder { BaseUri = new Uri(_gcs.Address, "storage/v1/").ToString(), UnauthenticatedAccess = true }
            .BuildAsync();
        var metadata = new Dictionary<string, string> { ["k"] = "v" };
        await _gcs.Objects.PutAsync(Pictures, "a/one", "one"u8.ToArray(), "text/plain", metadata);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gcs.DisposeAsync();
    }

    [Fact]
    public async Task An_object_is_copied_between_buckets_with_what_is_known_of_it()
    {
        var copy = await _client.CopyObjectAsync(Pictures, "a/one", "archive", "x/y z");
        Assert.Equal(("archive", "x/y z", "text/plain", "v"), (copy.Bucket, copy.Name, copy.ContentType, copy.Metadata["k"]));
        Assert.Equal("one"u8.ToArray(), await _gcs.Objects.ReadAsync("archive", "x/y z"));

        var none = new CopyObjectOptions { IfGenerationMatch = 0 };
        var e = await Assert.ThrowsAsync<GoogleApiException>(
            () => _client.CopyObjectAsync(Pictures, "a/one", "archive", "x/y z", none));
        Assert.Equal(412, (int)e.HttpStatusCode);
    }

    [Fact]
    public async Task A_copy_that_GCS_does_in_parts_is_gone_on_with()
    {
        _gcs.Faults.Add("storage.objects.rewrite", "rewrite-in-parts", count: 2);
        var copy = await _client.CopyObjectAsync(Pictures, "a/one", "archive", "copy");
        Assert.Equal(3ul, copy.Size);
        Assert.Equal(3, _gcs.Log.Count(call => call.Operation == "storage.objects.rewrite"));
    }

    [Fact]
    public async Task An_object_is_moved()
    {
        var moved = await _client.MoveObjectAsync(Pictures, "a/one", "b/two");
        Assert.Equal("v", moved.Metadata["k"]);
        Assert.Equal(["b/two"], _gcs.Objects.List(Pictures).Select(o => o.Name));
    }

    [Fact]
    public async Task An_update_leaves_what_it_sends_and_a_patch_changes_what_it_sends()
    {
        var item = await _client.GetObjectAsync(Pictures, "a/one");
        item.Metadata = new Dictionary<string, string> { ["l"] = "w" };
        item = await _client.UpdateObjectAsync(item);
        Assert.Equal(["l"], item.Metadata.Keys);
        Assert.Equal(("text/plain", 2L), (item.ContentType, item.Metageneration));

        var patched = await _client.PatchObjectAsync(new() { Bucket = Pictures, Name = "a/one", CacheControl = "no-store" });
        Assert.Equal(("no-store", "w"), (patched.CacheControl, patched.Metadata["l"]));
        item.CacheControl = "private";
        var e = await Assert.ThrowsAsync<GoogleApiException>(() => _client.UpdateObjectAsync(item, new UpdateObjectOptions()));
        Assert.Equal(412, (int)e.HttpStatusCode);
    }

    [Fact]
    public async Task A_bucket_is_patched_and_updated_and_says_when()
    {
        var bucket = await _client.PatchBucketAsync(new GoogleBucket
        {
            Name = Pictures,
            Labels = new Dictionary<string, string> { ["team"] = "iga" },
            Lifecycle = new() { Rule = [new() { Action = new() { Type = "Delete" }, Condition = new() { Age = 30 } }] },
        });
        Assert.Equal(("iga", 30, 2L), (bucket.Labels["team"], bucket.Lifecycle.Rule[0].Condition.Age, bucket.Metageneration));
        Assert.True(bucket.TimeCreatedDateTimeOffset <= bucket.UpdatedDateTimeOffset);

        bucket.Labels = null;
        bucket.StorageClass = "NEARLINE";
        bucket = await _client.UpdateBucketAsync(bucket);
        Assert.Null(bucket.Labels);
        Assert.NotNull(bucket.Lifecycle);
        Assert.Equal("NEARLINE", (await _client.GetBucketAsync(Pictures)).StorageClass);
    }

    [Fact]
    public async Task The_policy_of_a_bucket_is_read_and_its_permissions_are_tested()
    {
        var policy = await _client.GetBucketIamPolicyAsync(Pictures);
        Assert.Contains("roles/storage.legacyBucketReader", policy.Bindings.Select(b => b.Role));
        var tested = await _client.TestBucketIamPermissionsAsync(Pictures, ["storage.objects.get", "storage.buckets.delete"]);
        Assert.Equal(["storage.objects.get", "storage.buckets.delete"], tested);
    }

    [Theory]
    [InlineData(SigningVersion.V2)]
    [InlineData(SigningVersion.V4)]
    public async Task A_signed_URL_stores_and_reads(SigningVersion version)
    {
        using var key = RSA.Create(2048);
        using var http = new HttpClient();
        var signer = UrlSigner.FromCredential(new ServiceAccountCredential(
            new ServiceAccountCredential.Initializer("signer@test.iam.gserviceaccount.com") { Key = key }));
        var options = UrlSigner.Options.FromDuration(TimeSpan.FromMinutes(1))
            .WithSigningVersion(version).WithScheme("http").WithHost("127.0.0.1").WithPort(_gcs.Address.Port);

        var put = UrlSigner.RequestTemplate.FromBucket(Pictures).WithObjectName("new/é +.txt").WithHttpMethod(HttpMethod.Put);
        using var stored = await http.PutAsync(await signer.SignAsync(put, options), new ByteArrayContent("signed"u8.ToArray()));
        Assert.Equal(200, (int)stored.StatusCode);

        var get = await signer.SignAsync(put.WithHttpMethod(HttpMethod.Get), options);
        Assert.Equal("signed", Encoding.UTF8.GetString(await http.GetByteArrayAsync(get)));
    }
}
