using System.Net;
using Iga.Tests.Fixtures;

namespace Iga.Tests.EndToEnd;

/// <summary>GET /v1/tasks/{id}/image?redirect=signed: the bucket gives the picture out itself.</summary>
public class TaskImageRedirectTests(Service service)
{
    [Fact]
    public async Task A_redirect_leads_to_the_bucket_and_to_this_version_of_the_object()
    {
        var picture = await MadePicture.MakeAsync(service);
        using var noRedirects = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = service.Client.BaseAddress };
        foreach (var (name, values) in service.Client.DefaultRequestHeaders)
        {
            noRedirects.DefaultRequestHeaders.Add(name, values);
        }

        using var redirect = await noRedirects.GetAsync($"{picture.Path}?redirect=signed");

        Assert.Equal(HttpStatusCode.TemporaryRedirect, redirect.StatusCode);
        Assert.True(redirect.Headers.CacheControl?.NoStore);
        Assert.Equal("no-referrer", Assert.Single(redirect.Headers.GetValues("Referrer-Policy")));
        var url = redirect.Headers.Location!;
        Assert.Equal((service.Gcs.BaseAddress!.Authority, $"/{Service.Bucket}/{picture.Name}"), (url.Authority, url.AbsolutePath));
        Assert.Contains($"generation={picture.Generation}&", url.Query, StringComparison.Ordinal);
        Assert.Contains("X-Goog-Expires=900&", url.Query, StringComparison.Ordinal);
        using var stranger = new HttpClient();
        using var given = await stranger.GetAsync(url);
        Assert.Equal(picture.Bytes, await given.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", given.Content.Headers.ContentType?.ToString());

        await picture.ReplaceAsync("another object"u8.ToArray());

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync(url)).StatusCode);
        using var second = await noRedirects.GetAsync($"{picture.Path}?redirect=signed");
        Assert.Equal(HttpStatusCode.NotFound, second.StatusCode);
    }
}
