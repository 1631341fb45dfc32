namespace Iga.Tests.RealClients;

/// <summary>Calls beside uploads and downloads, as @google-cloud/storage for Node makes them and takes their answers.</summary>
public sealed class NodeStorageCallsTests(NodeStorageCallsTests.Run run) : IClassFixture<NodeStorageCallsTests.Run>
{
    [Theory]
    [InlineData("rewriteAnswer", """{"kind":"storage#rewriteResponse","size":"3","rewritten":"3","done":true}""")]
    [InlineData("copied", """one text/plain STANDARD {"k":"v"}""")]
    [InlineData("copiedAway", """one text/plain STANDARD {"k":"v"}""")]
    [InlineData("copiedWithMetadata", """one text/markdown STANDARD {"n":"1"}""")]
    [InlineData("copiedOver", "412 conditionNotMet")]
    [InlineData("copiedNothing", "404 notFound")]
    [InlineData("copiedToNowhere", "404 notFound")]
    [InlineData("copiedOld", "404 notFound")]
    [InlineData("moved", "false true")]
    [InlineData("movedAtomically", """false true one text/plain STANDARD {"k":"v"}""")]
    [InlineData("movedOver", "412 conditionNotMet")]
    [InlineData("movedNothing", "404 notFound")]
    [InlineData("movedToItself", "400 invalid")]
    [InlineData("classed", "NEARLINE")]
    [InlineData("classedWrong", "400 invalid")]
    [InlineData("joined", "1-2-3 text/plain STANDARD {} 3 undefined LGKW/A==")]
    [InlineData("joinedAgain", "4")]
    [InlineData("joinedMissing", "404 notFound")]
    [InlineData("joinedOver", "412 conditionNotMet")]
    [InlineData("partsDeleted", "0")]
    [InlineData("metadata", """{"l":"w"} no-store 2""")]
    public Task An_object_is_copied_moved_joined_or_changed(string call, string answer) => IsAnsweredAsync(call, answer);

    [Theory]
    [InlineData("made", """EUROPE-WEST4 region NEARLINE {"a":"1","b":"2"} 1""")]
    [InlineData("madeTimes", "true true")]
    [InlineData("changedBucket",
        """COLDLINE {"a":"1","c":"3"} {"rule":[{"action":{"type":"Delete"},"condition":{"age":30}}]} 4""")]
    [InlineData("defaultClass", "COLDLINE")]
    [InlineData("bucketPrecondition", "412 conditionNotMet")]
    [InlineData("versioned", "501 notImplemented")]
    [InlineData("bucketNotEmpty", "409 conflict")]
    [InlineData("bucketExists", "true false")]
    [InlineData("buckets", "archive pictures")]
    [InlineData("bucketsPaged", "archive")]
    [InlineData("policy", "storage#policy roles/storage.legacyBucketOwner roles/storage.legacyBucketReader")]
    [InlineData("permissions", """{"storage.objects.get":true,"storage.objects.create":true}""")]
    [InlineData("wrongPermission", "400 invalid")]
    [InlineData("setPolicy", "501 notImplemented")]
    public Task A_bucket_is_made_described_changed_or_deleted(string call, string answer) => IsAnsweredAsync(call, answer);

    private async Task IsAnsweredAsync(string call, string answer) => Assert.Equal(answer, await run.SeenAsync(call));

    public sealed class Run() : ScriptRun("storage-calls.mjs");
}
