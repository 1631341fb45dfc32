using Iga.Callers;
using Iga.Configuration;
using Iga.LocalHost.Host;
using Iga.Tests.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Iga.Tests.Callers;

/// <summary>A file of keys that changes while the service runs.</summary>
public sealed class ApiKeyFileTests : IDisposable
{
    private const string Old = "the-key-of-yesterday-0123";
    private const string New = "the-key-of-today-45678901";
    private const string InVariable = "the-key-in-the-variable-9";

    private readonly string _folder = Directory.CreateTempSubdirectory("iga-keys-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly LogCapture _log = new();
    private readonly ILoggerFactory _loggers;
    private readonly string _file;
    private ApiKeys? _keys;

    public ApiKeyFileTests()
    {
        _file = Path.Combine(_folder, "keys");
        _loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
    }

    public void Dispose()
    {
        _keys?.Dispose();
        _loggers.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_key_is_changed_without_a_restart_and_without_a_moment_in_which_the_caller_has_none()
    {
        Start($"cpoa:{Old}");

        Write($"cpoa:{Old}\ncpoa:{New}");
        Assert.Equal(("cpoa", "cpoa"), (Sender(Old), Sender(New)));
        Write($"cpoa:{New}");
        Assert.Equal((null, "cpoa", "fixed"), (Sender(Old), Sender(New), Sender(InVariable)));

        Assert.Equal(2, _log.Count("has changed"));
        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("cpoa:short", "line 1: 'cpoa': the key has fewer than 24 characters")]
    [InlineData("# nothing\n", "it holds no key")]
    [InlineData("", "it holds no key")]
    [InlineData("cpoa:" + New + "\nother:" + New, "line 2: 'other' has the same key as 'cpoa' (line 1)")]
    [InlineData("cpoa:" + New + "\nother:" + InVariable, "line 2: 'other' has the same key as 'fixed' (IGA_API_KEYS)")]
    [InlineData(null, "Could not find file")]
    public void A_file_that_became_wrong_keeps_the_keys_that_it_held_and_is_told_of_once(string? content, string problem)
    {
        Start($"cpoa:{Old}");

        Write(content);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(("cpoa", null, "fixed"), (Sender(Old), Sender(New), Sender(InVariable)));
        var error = Assert.Single(_log.Entries);
        Assert.Equal(LogLevel.Error, error.Level);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(New, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short", error.Message, StringComparison.Ordinal);

        Write($"cpoa:{New}");
        Assert.Equal((null, "cpoa"), (Sender(Old), Sender(New)));
    }

    [Fact]
    public void A_secret_whose_link_is_turned_to_another_folder_is_read_anew()
    {
        // As Kubernetes mounts a secret: keys -> ..data/keys, and ..data -> the folder of this version.
        foreach (var (version, key) in (ReadOnlySpan<(string, string)>)[("1", Old), ("2", New)])
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, version)).FullName, "keys"), $"cpoa:{key}");
        }

        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "1");
        File.CreateSymbolicLink(_file, Path.Combine("..data", "keys"));
        Start(content: null);
        Assert.Equal("cpoa", Sender(Old));

        Directory.Delete(Path.Combine(_folder, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "2");
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((null, "cpoa"), (Sender(Old), Sender(New)));
    }

    [Fact]
    public void A_file_that_is_still_being_written_takes_no_key_away()
    {
        Start($"cpoa:{Old}\nother:{New}");

        File.WriteAllText(_file, $"cpoa:{Old}\n");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("other", Sender(New));

        File.WriteAllText(_file, $"cpoa:{Old}\nother:{New}");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("cpoa", "other"), (Sender(Old), Sender(New)));
        Assert.Empty(_log.Entries);
    }

    private void Start(string? content)
    {
        if (content is not null)
        {
            File.WriteAllText(_file, content);
        }

        var configuration = HostConfiguration.Check(new ConfigurationBuilder().AddInMemoryCollection(
            [new("IGA_API_KEYS_FILE", _file), new("IGA_API_KEYS", $"fixed:{InVariable}")]).Build());
        _keys = new ApiKeys(configuration.App.ApiKeys, _time, _loggers.CreateLogger<ApiKeys>());
    }

    private void Write(string? content)
    {
        if (content is null)
        {
            File.Delete(_file);
        }
        else
        {
            File.WriteAllText(_file, content);
        }

        _time.Advance(TimeSpan.FromSeconds(2));
    }

    private string? Sender(string key)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString($"?code={key}");
        return _keys!.Identify(context)?.Name;
    }
}
