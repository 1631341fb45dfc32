namespace Iga.Tests.RealClients;

/// <summary>URLs that @google-cloud/storage for Node signs with a key of its own, and public ones, used without a client.</summary>
public sealed class NodeSignedUrlTests(NodeSignedUrlTests.Run run) : IClassFixture<NodeSignedUrlTests.Run>
{
    [Theory]
    [InlineData("written", "200")]
    [InlineData("writtenType", "text/plain")]
    [InlineData("writtenWithoutItsHeader", "400 MalformedSecurityHeader")]
    [InlineData("read", "200 hello, world")]
    [InlineData("readV2", "200 hello, world")]
    [InlineData("head", "200 12 text/plain")]
    [InlineData("range", "206 world bytes 7-11/12")]
    [InlineData("named", """attachment; filename="my file.txt" | application/x-mine""")]
    [InlineData("deleted", "204")]
    [InlineData("deletedTwice", "404 NoSuchKey")]
    public Task A_signed_URL_does_what_it_was_signed_for(string call, string answer) => IsAnsweredAsync(call, answer);

    [Theory]
    [InlineData("started", "201 ")]
    [InlineData("half", "308 bytes=0-262143")]
    [InlineData("whole", "200")]
    [InlineData("large", "262147")]
    [InlineData("byTheClient", "through a session")]
    public Task A_signed_URL_begins_a_resumable_upload(string call, string answer) => IsAnsweredAsync(call, answer);

    [Theory]
    [InlineData("public", "200 hello, world")]
    [InlineData("publicSlashes", "200 hello, world")]
    [InlineData("isPublic", "True")]
    [InlineData("bucketMissing", "404 NoSuchBucket")]
    public Task A_public_URL_is_read(string call, string answer) => IsAnsweredAsync(call, answer);

    [Theory]
    [InlineData("expired", "<Code>ExpiredToken</Code><Message>Invalid argument.</Message><Details>Request signature expired at: ")]
    [InlineData("expiredV2",
        "<Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Details>Request has expired: 1600000000</Details>")]
    [InlineData("publicMissing",
        "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Details>No such object: pictures/nothing</Details>")]
    public async Task An_error_is_XML_as_GCS_writes_it(string call, string part) =>
        Assert.Contains(part, await run.SeenAsync(call), StringComparison.Ordinal);

    private async Task IsAnsweredAsync(string call, string answer) => Assert.Equal(answer, await run.SeenAsync(call));

    public sealed class Run() : ScriptRun("storage-urls.mjs");
}
