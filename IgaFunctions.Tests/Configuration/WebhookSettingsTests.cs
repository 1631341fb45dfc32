using Iga.Configuration;
using Iga.Webhooks;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

public sealed class WebhookSettingsTests
{
    private const string Newest = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string Older = "whsec_Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";

    [Fact]
    public void Keys_and_hosts_are_read_in_their_order()
    {
        var options = Read($"{Newest}, {Older}", "hooks.example.com, Other.example.com:8443", out _);

        Assert.True(options.IsOn);
        Assert.Equal([0, 31], options.Secrets.Select(secret => (int)secret[0]));
        Assert.Equal(["https://hooks.example.com:443", "https://other.example.com:8443"], options.Origins.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Without_a_key_no_webhooks_are_sent_and_hosts_are_told_to_be_without_effect()
    {
        Assert.False(Read(null, null, out var none).IsOn);
        Assert.Empty(none.Notices);
        Assert.False(Read(null, "hooks.example.com", out var told).IsOn);
        Assert.Contains("IGA_WEBHOOK_HOSTS is without effect", Assert.Single(told.Notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a secret of no form")]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")]
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=")] // 23 bytes
    [InlineData("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")] // without padding
    [InlineData("whsec_!!!!")]
    [InlineData(Newest + ",whsec_c2hvcnQ=")]
    public void A_wrong_key_is_refused_and_not_shown(string secret)
    {
        var error = Assert.Single(ErrorsOf(secret, "hooks.example.com"));

        Assert.Contains("must be whsec_ and the base64 of 24 to 64 random bytes", error, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[^8..], error, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_have_24_to_64_bytes()
    {
        foreach (var (bytes, isRight) in ((int, bool)[])[(23, false), (24, true), (64, true), (65, false)])
        {
            var secret = $"whsec_{Convert.ToBase64String(new byte[bytes])}";
            Assert.Equal(isRight, ErrorsOf(secret, "hooks.example.com").Count == 0);
        }
    }

    [Fact]
    public void A_key_without_hosts_is_refused() =>
        Assert.StartsWith("IGA_WEBHOOK_HOSTS is not set", Assert.Single(ErrorsOf(Newest, null)), StringComparison.Ordinal);

    [Theory]
    [InlineData("*.example.com")]
    [InlineData("https://hooks.example.com")]
    [InlineData("hooks.example.com/path")]
    [InlineData("hooks.example.com:0")]
    [InlineData("hooks.example.com:65536")]
    [InlineData("hooks.example.com:443:443")]
    [InlineData("10.0.0.1")]
    [InlineData("[::1]:443")]
    [InlineData("localhost")]
    [InlineData("localhost:5001")]
    [InlineData("http://127.0.0.1:5001")]
    [InlineData("http://hooks.example.com:5001")]
    [InlineData("user@hooks.example.com")]
    public void A_host_that_is_no_name_is_refused(string host) =>
        Assert.StartsWith($"IGA_WEBHOOK_HOSTS is '{host}': must be a list of hosts' names", Assert.Single(ErrorsOf(Newest, host)), StringComparison.Ordinal);

    [Fact]
    public void A_receiver_on_the_same_machine_is_named_beside_emulators_alone()
    {
        Assert.Equal(["http://localhost:5001"], Read(Newest, "http://localhost:5001", out _, hasOnlyEmulators: true).Origins);
        Assert.Contains("only where both Vertex AI and GCS are emulators", Assert.Single(ErrorsOf(Newest, "http://localhost:5001")), StringComparison.Ordinal);
    }

    private static WebhookOptions Read(string? secret, string? hosts, out Settings settings, bool hasOnlyEmulators = false)
    {
        settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["IGA_WEBHOOK_SECRET"] = secret,
            ["IGA_WEBHOOK_HOSTS"] = hosts,
        }).Build());
        return WebhookSettings.Read(settings, hasOnlyEmulators);
    }

    private static IReadOnlyList<string> ErrorsOf(string secret, string? hosts)
    {
        Read(secret, hosts, out var settings);
        return Record.Exception(settings.ThrowIfInvalid) is ConfigurationException exception ? exception.Errors : [];
    }
}
