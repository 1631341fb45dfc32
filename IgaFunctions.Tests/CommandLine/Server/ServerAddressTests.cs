using Iga.LocalHost.CommandLine.Server;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.CommandLine.Server;

public sealed class ServerAddressTests : CommandRun
{
    private const string Key = "k3y-of-someone-who-pays-for-it";

    [Theory]
    [InlineData(null, null, null, "http://127.0.0.1:5007/")]
    [InlineData(null, null, "5099", "http://127.0.0.1:5099/")]
    [InlineData(null, "https://iga.example.com/api", "5099", "https://iga.example.com/api/")]
    [InlineData("http://localhost:7071", "https://iga.example.com", null, "http://localhost:7071/")]
    [InlineData("http://[::1]:7071/", null, null, "http://[::1]:7071/")]
    public void The_option_comes_before_the_variable_and_that_before_this_machine(string? option, string? variable, string? port, string expected)
    {
        var read = Read(option, null, out var problem, ("IGA_SERVER", variable), ("IGA_PORT", port), ("IGA_KEY", Key));

        Assert.Null(problem);
        Assert.Equal((expected, Key), (read!.Url.ToString(), read.Key));
    }

    [Theory]
    [InlineData("iga.example.com")]
    [InlineData("ftp://iga.example.com")]
    [InlineData("https://someone@iga.example.com")]
    [InlineData("https://iga.example.com/?code=1")]
    public void What_is_no_address_is_named(string option)
    {
        Assert.Null(Read(option, null, out var problem));
        Assert.Contains("--server", problem, StringComparison.Ordinal);
        Assert.Contains(option, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://iga.example.com")]
    [InlineData("http://10.0.0.7:5007")]
    [InlineData("http://localhost.example.com")]
    public void A_key_is_never_sent_over_plain_http_beyond_this_machine(string server)
    {
        Assert.Null(Read(server, null, out var problem, ("IGA_KEY", Key)));
        Assert.Contains("plain http", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, problem, StringComparison.Ordinal);
        Assert.NotNull(Read(server, null, out problem));
    }

    [Fact]
    public void A_key_comes_from_a_file_that_nobody_else_may_read()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("files have no modes");
            return;
        }

        var file = Path.Combine(Folder.Path, "key");
        File.WriteAllText(file, $"{Key}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Null(Read("https://iga.example.com", file, out var problem));
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);

        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Equal(Key, Read("https://iga.example.com", file, out _, ("IGA_KEY", "another-key-that-is-not-used"))!.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two lines\nof text")]
    public void A_file_without_a_key_is_named(string content)
    {
        var file = Path.Combine(Folder.Path, "key");
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Assert.Null(Read("https://iga.example.com", file, out var problem));
        Assert.NotEmpty(problem!);
        Assert.Null(Read("https://iga.example.com", Path.Combine(Folder.Path, "nothing"), out problem));
        Assert.Contains("--key", problem, StringComparison.Ordinal);
    }

    private static ServerAddress? Read(string? server, string? keyFile, out string? problem, params (string Name, string? Value)[] variables) =>
        ServerAddress.Read(
            server, keyFile,
            new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))).Build(),
            out problem);
}
