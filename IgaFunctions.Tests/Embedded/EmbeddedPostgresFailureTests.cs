using Iga.Embedded;

namespace Iga.Tests.Embedded;

/// <summary>What a user reads when the embedded PostgreSQL can't be had.</summary>
public sealed class EmbeddedPostgresFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private EmbeddedPostgresOptions Options => new()
    {
        BaseDirectory = _folder[".local"],
        BinaryDirectories = [_folder["none"]],
        InstallWithNpm = false,
        StartTimeout = TimeSpan.FromSeconds(5),
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_binaries_it_names_every_way_out()
    {
        var message = await FailAsync(Options);

        Assert.Contains("apt install postgresql", message, StringComparison.Ordinal);
        Assert.Contains("npm", message, StringComparison.Ordinal);
        Assert.Contains("POSTGRES_HOST", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Binaries_that_do_not_run_or_are_too_old_are_passed_over_with_their_reason()
    {
        _folder.Script("broken", "initdb", "exit 0");
        var broken = _folder.Script("broken", "postgres", "echo 'libicu.so.60: cannot open' >&2; exit 1");

        var message = await FailAsync(Options with { BinaryDirectories = [broken, Fake("old", version: 9, initDb: "exit 0")] });

        Assert.Contains("libicu.so.60: cannot open", message, StringComparison.Ordinal);
        Assert.Contains("is version 9", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_left_alone()
    {
        Directory.CreateDirectory(_folder[".local", "postgres", "cluster", "data"]);
        var marker = _folder[".local", "postgres", "cluster", "data", "PG_VERSION"];
        await File.WriteAllTextAsync(marker, "16\n");
        var options = Options with { BinaryDirectories = [Fake("other", version: 17, initDb: "exit 0")] };
        await File.WriteAllTextAsync(_folder[".local", "postgres", "cluster", "password"], "secret");
        await GiveToServerAsync(_folder[".local", "postgres", "cluster", "data"]);

        var message = await FailAsync(options);

        Assert.Contains("made with PostgreSQL 16", message, StringComparison.Ordinal);
        Assert.Contains("is version 17", message, StringComparison.Ordinal);
        Assert.Equal("16\n", await File.ReadAllTextAsync(marker));
    }

    [Fact]
    public async Task A_set_up_that_fails_says_why_and_leaves_nothing()
    {
        var full = Fake("full", version: 17, initDb: "echo 'could not write: No space left on device' >&2; exit 1");

        var message = await FailAsync(Options with { BinaryDirectories = [full] });

        Assert.Contains("No space left on device", message, StringComparison.Ordinal);
        Assert.Contains("IGA_LOCAL_DIR", message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(_folder[".local", "postgres"]));
    }

    [Fact]
    public async Task A_server_that_ends_at_once_shows_its_last_words()
    {
        var sick = Fake("sick", version: 17, initDb: "echo 17 >\"$2/PG_VERSION\""); // $1 is --pgdata

        var message = await FailAsync(Options with { BinaryDirectories = [sick] });

        Assert.Contains("it ended with 3", message, StringComparison.Ordinal);
        Assert.Contains("FATAL: no luck today", message, StringComparison.Ordinal);
        Assert.Contains("postgres.log", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_directory_that_cannot_be_created_is_named()
    {
        await File.WriteAllTextAsync(_folder["file"], "");

        var message = await FailAsync(Options with { BaseDirectory = _folder["file", ".local"] });

        Assert.Contains(_folder["file", ".local"], message, StringComparison.Ordinal);
        Assert.Contains("IGA_LOCAL_DIR", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_directory_of_another_user_is_named()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may write everywhere");
        Directory.CreateDirectory(_folder[".local"]);
        TemporaryFolder.SetMode(_folder[".local"], UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var message = await FailAsync(Options);

        TemporaryFolder.SetMode(_folder[".local"], TemporaryFolder.Open);
        Assert.Contains(_folder[".local"], message, StringComparison.Ordinal);
        Assert.Contains("writable", message, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(EmbeddedPostgresOptions options) =>
        (await Assert.ThrowsAsync<EmbeddedServiceException>(() => EmbeddedPostgres.StartAsync(options))).Message;

    private static async Task GiveToServerAsync(string path) =>
        (await ServerAccount.ForAsync(null, CancellationToken.None)).Give(path);

    private string Fake(string folder, int version, string initDb)
    {
        _folder.Script(folder, "initdb", initDb);
        return _folder.Script(folder, "postgres", $$"""
            if [ "$1" = --version ]; then echo "postgres (PostgreSQL) {{version}}.1"; exit 0; fi
            echo "FATAL: no luck today" >&2
            exit 3
            """);
    }
}
