using System.Globalization;

namespace Iga.Embedded;

/// <summary>
/// The user that the server and its tools run as. PostgreSQL refuses to run as root, so root lends them another user; for
/// everyone else it is the caller.
/// </summary>
/// <param name="Name">The user's name, for messages.</param>
/// <param name="Prefix">What a command line begins with to run as that user; empty for the caller.</param>
internal sealed record ServerAccount(string Name, int UserId, int GroupId, IReadOnlyList<string> Prefix)
{
    private const string Advice =
        "Run the program as an ordinary user, or configure another PostgreSQL with POSTGRES_HOST (and POSTGRES_PORT, ...).";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static readonly ServerAccount Caller = new(Environment.UserName, -1, -1, []);

    public bool IsCaller => Prefix.Count == 0;

    /// <param name="dataDirectory">A cluster's data, whose owner the server has to be; null when there is none yet.</param>
    /// <exception cref="EmbeddedServiceException">The caller is root and there is no way to be someone else.</exception>
    public static async Task<ServerAccount> ForAsync(string? dataDirectory, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return Caller;
        }

        var user = dataDirectory is null ? DefaultUser() : await OwnerAsync(dataDirectory, cancellationToken);
        string[][] ways =
        [
            ["setpriv", $"--reuid={user.Id}", $"--regid={user.Group}", "--clear-groups", "--"],
            ["runuser", "-u", user.Name, "--"],
            ["su", "-s", "/bin/sh", user.Name, "-c", "exec \"$@\"", "--", "sh"],
        ];
        var failures = new List<string>();
        foreach (var way in ways)
        {
            if (ChildProcess.Find(way[0]) is not { } program)
            {
                continue;
            }

            string[] prefix = [program, .. way[1..]];
            var (exitCode, output) = await ChildProcess.RunAsync([.. prefix, "/bin/sh", "-c", ":"], Limit, cancellationToken);
            if (exitCode == 0)
            {
                return new ServerAccount(user.Name, user.Id, user.Group, prefix);
            }

            failures.Add($"{way[0]}: {output}");
        }

        var reason = failures.Count > 0 ? string.Join("; ", failures) : "none of setpriv, runuser and su is installed";
        throw new EmbeddedServiceException(
            $"PostgreSQL does not run as root, and the user '{user.Name}' could not be used in its place ({reason}). {Advice}");
    }

    public IReadOnlyList<string> Command(params IEnumerable<string> command) => [.. Prefix, .. command];

    /// <summary>Makes a file or folder the server's.</summary>
    public void Give(string path)
    {
        if (!IsCaller)
        {
            Posix.ChangeOwner(path, UserId, GroupId);
        }
    }

    /// <returns>The folder's path without symbolic links, or null when this user may not enter the folder.</returns>
    public async Task<string?> EnterAsync(string folder, CancellationToken cancellationToken)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(
            Command("/bin/sh", "-c", "cd \"$0\" && pwd -P", folder), Limit, cancellationToken);
        return exitCode == 0 ? output : null;
    }

    private static (string Name, int Id, int Group) DefaultUser() =>
        Users().Where(user => user.Name is "postgres" or "nobody").OrderBy(user => user.Name == "nobody").ToList() switch
        {
            [var best, ..] => best,
            _ => throw new EmbeddedServiceException(
                $"PostgreSQL does not run as root, and this machine has no user 'postgres' or 'nobody' for it. {Advice}"),
        };

    private static async Task<(string Name, int Id, int Group)> OwnerAsync(string folder, CancellationToken cancellationToken)
    {
        // -n prints numbers: "drwx------ 19 101 104 4096 ...". The same on every Unix, unlike stat(1).
        var (_, output) = await ChildProcess.RunAsync(["ls", "-ldn", folder], Limit, cancellationToken);
        var fields = output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var id = int.Parse(fields[2], CultureInfo.InvariantCulture);
        var group = int.Parse(fields[3], CultureInfo.InvariantCulture);
        return id == 0
            ? throw new EmbeddedServiceException(
                $"The database in {folder} belongs to root, and PostgreSQL does not run as root. Give it to another user "
                + $"(chown -R postgres {folder}) or delete {Path.GetDirectoryName(folder)} to start with an empty one.")
            : (Users().Where(user => user.Id == id).Select(user => user.Name).FirstOrDefault() ?? fields[2], id, group);
    }

    private static IEnumerable<(string Name, int Id, int Group)> Users()
    {
        foreach (var line in File.ReadLines("/etc/passwd"))
        {
            // name:password:user id:group id:...
            if (line.Split(':') is [var name, _, var id, var group, ..]
                && int.TryParse(id, CultureInfo.InvariantCulture, out var userId)
                && int.TryParse(group, CultureInfo.InvariantCulture, out var groupId))
            {
                yield return (name, userId, groupId);
            }
        }
    }
}
