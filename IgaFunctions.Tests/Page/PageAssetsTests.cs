using System.Net;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;
using Iga.Tests.EndToEnd;

namespace Iga.Tests.Page;

/// <summary>The page's files, as a browser gets them.</summary>
public sealed partial class PageAssetsTests(OwnServiceFixture fixture) : IClassFixture<OwnServiceFixture>
{
    private static readonly string[] Files =
        [.. Directory.GetFiles(Path.Combine(Sources.Root, "IgaFunctions", "Page", "Assets")).Select(file => Path.GetFileName(file)!)];

    private HttpClient Client => fixture.Service.Client;

    [Fact]
    public async Task The_page_may_load_nothing_but_its_own_files_and_stand_in_no_frame()
    {
        using var response = await Client.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Every_file_is_served_with_its_type_and_asked_for_again_by_its_tag()
    {
        foreach (var file in Files)
        {
            using var response = await Client.GetAsync($"/assets/{file}");
            Assert.Equal(
                Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "text/html" },
                response.Content.Headers.ContentType?.MediaType);
            Assert.NotEmpty(response.Headers.GetValues("Content-Security-Policy"));

            using var again = new HttpRequestMessage(HttpMethod.Get, $"/assets/{file}");
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using var unchanged = await Client.SendAsync(again);
            Assert.Equal((HttpStatusCode.NotModified, 0), (unchanged.StatusCode, (await unchanged.Content.ReadAsByteArrayAsync()).Length));
        }
    }

    [Fact]
    public async Task What_the_files_refer_to_is_there_and_nothing_is_loaded_from_elsewhere()
    {
        foreach (var file in Files)
        {
            var text = await Client.GetStringAsync($"/assets/{file}");
            var referred = Reference().Matches(text).Select(match => match.Groups["name"].Value);
            Assert.Empty(referred.Except(Files));
            Assert.DoesNotMatch(Elsewhere(), text);
            Assert.DoesNotMatch(Markup(), text);
        }
    }

    [Theory]
    [InlineData("/assets/nothing.js")]
    [InlineData("/assets/..%2Fmodels.json")]
    [InlineData("/assets/models.json")]
    [InlineData("/assets/App.js")]
    [InlineData("/assets/page/app.js")]
    [InlineData("/assets/")]
    [InlineData("/x")]
    public async Task There_is_no_other_file(string path)
    {
        using var response = await Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("IGA_NOT_FOUND", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_keys_set_the_page_comes_without_one_and_the_api_does_not()
    {
        await using var service = await OwnService.StartAsync(settings => settings["IGA_API_KEYS"] = "a-key-of-sixteen-characters");

        foreach (var path in new[] { "/", "/assets/app.js" })
        {
            using var response = await service.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        using var models = await service.Client.GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.Unauthorized, models.StatusCode);
    }

    [GeneratedRegex("""(?:from '\./|(?:src|href)[=:] ?["']/assets/)(?<name>[^"']+)["']""")]
    private static partial Regex Reference();

    [GeneratedRegex("""https?://(?!www\.w3\.org/2000/svg)""")]
    private static partial Regex Elsewhere();

    /// <summary>What would take text for markup or for a script.</summary>
    [GeneratedRegex("""innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|\son[a-z]+="|\sstyle=""")]
    private static partial Regex Markup();
}
