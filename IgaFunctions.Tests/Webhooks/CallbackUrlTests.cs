using System.Collections.Frozen;
using Iga.Webhooks;

namespace Iga.Tests.Webhooks;

/// <summary>Which addresses a caller may have called.</summary>
public sealed class CallbackUrlTests
{
    private static readonly WebhookOptions Options = new(
        [new byte[32]], ((string[])["https://hooks.example.com:443", "https://other.example.com:8443", "http://localhost:5001"]).ToFrozenSet());

    [Theory]
    [InlineData("https://hooks.example.com")]
    [InlineData("https://hooks.example.com/a/b?c=d&e=%20f")]
    [InlineData("https://HOOKS.example.com:443/A")]
    [InlineData("https://other.example.com:8443/")]
    [InlineData("http://localhost:5001/hook")]
    [InlineData("https://hooks.example.com/?at=user@example.org")]
    public void An_address_at_a_listed_host_is_taken(string url) => Assert.Null(CallbackUrl.WhatIsWrong(url, Options));

    [Theory]
    [InlineData("", "must be an address")]
    [InlineData("hooks.example.com/a", "must be an address")]
    [InlineData("/a", "must be an address")]
    [InlineData("https:hooks.example.com", "must be an address")]
    [InlineData("mailto:a@example.com", "must be an address")]
    [InlineData("http://hooks.example.com/", "must begin with https://")]
    [InlineData("ftp://hooks.example.com/", "must begin with https://")]
    [InlineData("file:///etc/passwd", "must begin with https://")]
    [InlineData("http://localhost:5002/hook", "must begin with https://")]
    [InlineData("http://127.0.0.1:5001/hook", "must begin with https://")]
    [InlineData("https://user@hooks.example.com/", "no user name")]
    [InlineData("https://a:b@hooks.example.com/", "no user name")]
    [InlineData("https://@hooks.example.com/", "no user name")]
    [InlineData("https://hooks.example.com@evil.example/", "no user name")]
    [InlineData("https://hooks.example.com/#part", "no fragment")]
    [InlineData("https://hooks.example.com/a#", "no fragment")]
    [InlineData("https://10.0.0.1/", "not an IP address")]
    [InlineData("https://0x7f.1/", "not an IP address")]
    [InlineData("https://2130706433/", "not an IP address")]
    [InlineData("https://0177.0.0.1/", "not an IP address")]
    [InlineData("https://[::1]/", "not an IP address")]
    [InlineData("https://[::ffff:169.254.169.254]/", "not an IP address")]
    [InlineData("https://hooks.example.com:8443/", "names port 8443")]
    [InlineData("https://hooks.example.com:80/", "names port 80")]
    [InlineData("https://other.example.com/", "names port 443")]
    [InlineData("https://localhost:5001/", "names a host that")]
    [InlineData("https://example.com/", "names a host that")]
    [InlineData("https://a.hooks.example.com/", "names a host that")]
    [InlineData("https://hooks.example.com.evil.example/", "names a host that")]
    [InlineData("https://hooks.example.com./", "names a host that")]
    [InlineData("https://metadata.google.internal/", "names a host that")]
    [InlineData("https://hooks.example.com\\@evil.example/", "percent-encoded")]
    [InlineData("https://hooks.example.com/a b", "percent-encoded")]
    [InlineData(" https://hooks.example.com/", "percent-encoded")]
    [InlineData("https://hooks.example.com/\r\nX: y", "percent-encoded")]
    [InlineData("https://hooks.example.com/\0", "percent-encoded")]
    [InlineData("https://hööks.example.com/", "percent-encoded")]
    [InlineData("https://hooks。example。com/", "percent-encoded")]
    public void Any_other_is_refused_with_what_is_wrong(string url, string why) =>
        Assert.Contains(why, CallbackUrl.WhatIsWrong(url, Options), StringComparison.Ordinal);

    [Fact]
    public void A_host_in_percent_encoding_is_not_the_one_of_the_list() =>
        Assert.NotNull(CallbackUrl.WhatIsWrong("https://hooks%2Eexample.com/", Options));

    [Fact]
    public void An_address_has_2000_characters_at_most()
    {
        var longest = "https://hooks.example.com/".PadRight(CallbackUrl.MaxLength, 'a');

        Assert.Null(CallbackUrl.WhatIsWrong(longest, Options));
        Assert.Equal("is 2001 characters long; at most 2000 are allowed", CallbackUrl.WhatIsWrong(longest + "a", Options));
    }

    [Fact]
    public void Without_a_secret_every_address_is_refused() =>
        Assert.Contains("sends no webhooks", CallbackUrl.WhatIsWrong("https://hooks.example.com/", WebhookOptions.Off), StringComparison.Ordinal);
}
