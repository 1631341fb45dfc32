using System.Text.Json;
using Iga.Tests.EndToEnd;
using Iga.Tests.Fixtures;
using Iga.Tests.OpenApi.Clients;

namespace Iga.Tests.OpenApi;

/// <summary>The page at /docs, in a browser: it asks no other server for anything, and what is tried on it goes out with the key.</summary>
public sealed class DocsPageTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private const string Browser = "/usr/bin/chromium";
    private const string Key = "the-key-of-a-reader";

    [Fact]
    public async Task It_shows_the_document_and_sends_what_is_tried_with_the_key_and_asks_nobody_else()
    {
        ClientTool.RequireModules();
        Prerequisite.Require(File.Exists(Browser), "There is no browser: apt-get install chromium");
        var address = fixture.Service.Client.BaseAddress!;

        var output = await ClientTool.RunAsync(
            "node", ["docs-page.mjs", address.ToString(), Browser, Key], ClientTool.Folder, []);

        var seen = JsonDocument.Parse(output).RootElement;
        Assert.True(seen.GetProperty("status").GetInt32() is 200 or 202, output); // it proposes to wait for the picture
        Assert.Equal(Key, seen.GetProperty("key").GetString());
        Assert.DoesNotContain(Key, seen.GetProperty("kept").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            new[] { "docs", "docs/docs.css", "docs/docs.js", "docs/scalar.js", "generate_image", "openapi.json" }.Select(path => $"{address}{path}"),
            seen.GetProperty("asked").EnumerateArray().Select(url => url.GetString()).Order(StringComparer.Ordinal));

        // What the Content-Security-Policy forbids would be among them.
        Assert.Empty(seen.GetProperty("complaints").EnumerateArray());
    }
}
