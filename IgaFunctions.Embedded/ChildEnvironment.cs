namespace Iga.Embedded;

/// <summary>
/// The variables that a child gets: those that it needs. The rest of the caller's stays with the caller, API keys and passwords
/// above all: whatever is the child's user can read them there.
/// </summary>
internal static class ChildEnvironment
{
    private static readonly string[] ForAll =
        ["PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"];

    /// <summary>How npm reaches its registry, and whom it trusts there; in small letters, too.</summary>
    private static readonly string[] ForNpm =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"];

    /// <summary>What opens a file with the program that is meant for it: of a Linux desktop, macOS, Windows.</summary>
    public static readonly IReadOnlyList<string> Viewers = ["xdg-open", "open", "explorer.exe"];

    /// <summary>Settings of npm and Node.js, and the tokens that an .npmrc may refer to (NPM_TOKEN, NODE_AUTH_TOKEN).</summary>
    private static readonly string[] BeginningsForNpm = ["NPM_", "NODE_"];

    /// <summary>Where a program that shows pictures finds the screen.</summary>
    private static readonly string[] ForViewers =
        ["DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", "XDG_DATA_DIRS", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS", "SystemRoot"];

    /// <summary>Leaves in an environment what the program needs, and sets what it is to have.</summary>
    /// <param name="program">Its file; only its name counts.</param>
    public static void Reduce(IDictionary<string, string?> environment, string program)
    {
        var file = Path.GetFileName(program);
        foreach (var name in environment.Keys.Where(name => !Needs(name, file)).ToList())
        {
            environment.Remove(name);
        }

        environment["LC_ALL"] = "C"; // messages that can be recognised
        environment["TZ"] = "UTC"; // spares initdb the search through all time zones
    }

    private static bool Needs(string name, string program) => ForAll.Contains(name)
        || (Viewers.Contains(program) && ForViewers.Contains(name))
        || (program == "npm" && (ForNpm.Contains(name, StringComparer.OrdinalIgnoreCase)
            || BeginningsForNpm.Any(beginning => name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))));
}
