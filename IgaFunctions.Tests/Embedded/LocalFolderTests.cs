using Iga.Embedded;
using Iga.LocalHost.Host;

namespace Iga.Tests.Embedded;

public sealed class LocalFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_another_user_is_one_sentence_that_says_what_helps()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can make a folder another user's");
        Directory.CreateDirectory(_folder[".local"]);
        Posix.ChangeOwner(_folder[".local"], 12_345, 12_345);

        var refused = Assert.Throws<EmbeddedServiceException>(() => LocalFolder.Check(_folder[".local"]));

        Assert.StartsWith($"The folder {_folder[".local"]}, ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("set IGA_LOCAL_DIR", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_folder_of_this_user_passes_and_nothing_is_left_in_it()
    {
        LocalFolder.Check(_folder.Path);
        LocalFolder.Check(_folder["missing"]);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }
}
