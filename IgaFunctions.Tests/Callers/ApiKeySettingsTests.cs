using System.Security.Cryptography;
using System.Text;
using Iga.Callers;
using Iga.Configuration;
using Iga.LocalHost.Host;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace Iga.Tests.Callers;

/// <summary>Which keys are taken, whose they are, and what whoever configures them is told.</summary>
public sealed class ApiKeySettingsTests : IDisposable
{
    private const string Key = "a-key-of-24-characters-x";

    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)));

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"iga-keys-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("cpoa:KEY", "cpoa", Key)]
    [InlineData("cpoa:sha256:HASH", "cpoa", Key)]
    [InlineData("9.A_b-c : KEY", "9.A_b-c", Key)]
    [InlineData("cpoa:KEY:with:colons", "cpoa", Key + ":with:colons")]
    [InlineData("other:another-key-of-enough-length,cpoa:KEY,", "cpoa", Key)]
    [InlineData("cpoa:the-key-of-yesterday-and-before,cpoa:KEY", "cpoa", Key)]
    [InlineData("cpoa:KEY,cpoa:sha256:HASH", "cpoa", Key)]
    [InlineData("KEY", "key-SHORT", Key)]
    [InlineData("sha256:HASH", "key-SHORT", Key)]
    [InlineData("cpoa:KEY", null, Key + "x")]
    [InlineData("cpoa:sha256:HASH", null, "HASH")]
    [InlineData("cpoa:sha256:HASH", null, "sha256:HASH")]
    [InlineData("cpoa:KEY", null, "cpoa:" + Key)]
    public void A_key_tells_who_sends_it(string variable, string? name, string sent) =>
        Assert.Equal(Fill(name), Sender(Check(("IGA_API_KEYS", Fill(variable))), Fill(sent)!));

    [Fact]
    public void Everything_wrong_is_told_at_once_by_its_place_and_without_a_key()
    {
        File.WriteAllText(_file, $"""
            # keys of callers
            cpoa:sha256:{Hash}

            nobody-s-key-of-enough-length
            second:sha256:abc
            third:{Key}
            """);
        string[] entries =
        [
            "one:23-characters-are-short", "two:000000000000000000000000", "three:abababababababababababab", "four:sha256:" + Hash[1..],
            "not a name:another-key-of-enough-length", ":a-key-whose-name-was-left-out", "five:clé-clé-clé-clé-clé-clé-clé",
            $"six:{new string('x', 250)}{Guid.NewGuid():N}{new string('y', 250)}", "a-bare-key-of-1.1", $"seven:{Key}", $"eight:sha256:{Hash.ToUpperInvariant()}",
        ];

        var message = Assert.Throws<ConfigurationException>(
            () => Check(("IGA_API_KEYS", string.Join(',', entries)), ("IGA_API_KEYS_FILE", _file))).Message;

        Assert.All(
            [
                "entry 1: 'one': the key has fewer than 24", "entry 2: 'two': the key has fewer than 5 different",
                "entry 3: 'three': the key has fewer than 5 different", "entry 4: 'four': after sha256: must stand the 64 hex digits",
                "entry 5: what stands before the first colon is no name", "entry 6: what stands before", "entry 7: 'five': the key must be printable ASCII",
                "entry 8: 'six': the key has more than 512", "entry 9: the key has fewer than 24",
                "entry 11: 'eight' has the same key as 'seven' (IGA_API_KEYS, entry 10)",
                "line 2: 'cpoa' has the same key as 'seven'", "line 4: the key has no name", "line 5: 'second': after sha256:",
                "line 6: 'third' has the same key as 'seven'",
            ],
            (string part) => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.All(
            entries.Select(entry => entry[(entry.LastIndexOf(':') + 1)..]).Concat(["nobody-s-key", "not a name"]),
            secret => Assert.DoesNotContain(secret, message, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(" , ", null, "IGA_API_KEYS holds no key")]
    [InlineData(null, "", "it holds no key")]
    [InlineData(null, "\n# cpoa:a-key-that-is-switched-off\r\n", "it holds no key")]
    public void No_key_where_keys_are_configured_never_means_that_none_is_needed(string? variable, string? file, string problem)
    {
        File.WriteAllText(_file, file);

        var error = Assert.Throws<ConfigurationException>(
            () => Check(("IGA_API_KEYS", variable), ("IGA_API_KEYS_FILE", file is null ? null : _file)));

        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_stops_the_start()
    {
        var error = Assert.Throws<ConfigurationException>(() => Check(("IGA_API_KEYS_FILE", _file)));
        Assert.Contains($"IGA_API_KEYS_FILE is '{_file}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_keys_than_can_be_told_apart_cheaply_are_too_many()
    {
        File.WriteAllLines(_file, Enumerable.Range(0, ApiKeySet.Most + 1).Select(number => $"cpoa:{Guid.NewGuid():N}"));
        Assert.Contains(
            "line 1001: there are more than 1000 keys",
            Assert.Throws<ConfigurationException>(() => Check(("IGA_API_KEYS_FILE", _file))).Message, StringComparison.Ordinal);
    }

    private static string? Fill(string? text) => text?
        .Replace("KEY", Key, StringComparison.Ordinal).Replace("HASH", Hash, StringComparison.Ordinal)
        .Replace("SHORT", Hash[..8], StringComparison.Ordinal);

    private static ApiKeyOptions Check(params (string Name, string? Value)[] settings) => HostConfiguration.Check(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))).Build()).App.ApiKeys;

    private static string? Sender(ApiKeyOptions options, string key)
    {
        using var keys = new ApiKeys(options, TimeProvider.System, NullLogger<ApiKeys>.Instance);
        var context = new DefaultHttpContext();
        context.Request.Headers["x-functions-key"] = key;
        Assert.Equal(keys.Identify(context), Caller.Of(context));
        return Caller.Of(context)?.Name;
    }
}
