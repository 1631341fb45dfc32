using Iga.Embedded;
using Iga.Staging;

namespace Iga.LocalHost.Host;

/// <summary>The folder of everything that the host keeps on this machine: it serves one user.</summary>
internal static class LocalFolder
{
    /// <summary>Looks whether this user may keep things there. One that does not exist yet passes.</summary>
    /// <exception cref="EmbeddedServiceException">It is another user's.</exception>
    public static void Check(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        try
        {
            FolderOwner.Refuse(folder);
            var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.probe");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedServiceException(
                $"The folder {folder}, where IGA keeps its database and its pictures, is another user's or can't be written to: run IGA as the "
                + "user who made it, or set IGA_LOCAL_DIR to a folder of your own.",
                exception);
        }
    }
}
