using Iga.Configuration;
using Iga.LocalHost.Host;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Security;

/// <summary>Without keys the local host listens for this machine alone, unless it is told otherwise in so many words.</summary>
public sealed class ListeningTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("0")]
    [InlineData("192.0.2.7")]
    [InlineData("::ffff:192.0.2.7")]
    public void An_address_beyond_loopback_is_refused_without_keys(string host)
    {
        var error = Assert.Throws<ConfigurationException>(() => Check(host));
        Assert.Contains($"IGA_HOST is '{host}'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigurationException>(() => Check(host, ("IGA_API_KEYS", " , ")));
        Assert.Throws<ConfigurationException>(() => Check(host, ("IGA_ALLOW_ANONYMOUS", "false")));

        Check(host, ("IGA_API_KEYS", "a-long-random-key-of-a-caller"));
        Check(host, ("IGA_ALLOW_ANONYMOUS", "true"));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    [InlineData("localhost")]
    public void Loopback_needs_no_keys(string host) => Check(host);

    [Fact]
    public async Task The_program_says_so_and_ends()
    {
        await using var process = ServiceProcess.Start(new Dictionary<string, string?> { ["IGA_HOST"] = "0.0.0.0" });

        Assert.NotEqual(0, await process.WaitForExitAsync());

        Assert.Contains("IGA_ALLOW_ANONYMOUS", string.Join('\n', process.Errors), StringComparison.Ordinal);
        Assert.Empty(process.Output);
    }

    private static void Check(string host, params (string Name, string Value)[] more) => HostConfiguration.Check(
        new ConfigurationBuilder().AddInMemoryCollection(
            more.Append(("IGA_HOST", host)).Select(pair => new KeyValuePair<string, string?>(pair.Item1, pair.Item2))).Build());
}
