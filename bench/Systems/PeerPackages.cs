using System.Diagnostics;

namespace Iga.Bench.Systems;

/// <summary>The Debian packages that the peer is made of.</summary>
internal static class PeerPackages
{
    private const string Packages =
        "python3-flask python3-celery python3-redis python3-psycopg2 python3-gevent gunicorn redis-server";

    private const string Probe =
        "test -x /usr/bin/python3 && /usr/bin/python3 -c 'import flask, celery, redis, psycopg2, gunicorn' && command -v redis-server";

    private const string Install =
        $"apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends {Packages}";

    /// <summary>Looks whether they are there; installs them if it may.</summary>
    /// <returns>Null when they are there, else what to do about it.</returns>
    public static string? Problem(bool mayInstall)
    {
        if (Shell(Probe) || (mayInstall && Environment.UserName == "root" && Shell(Install) && Shell(Probe)))
        {
            return null;
        }

        return $"The peer is left out, since it needs Debian packages that are missing. As root (or with --install): "
            + $"apt-get install --no-install-recommends {Packages}";
    }

    private static bool Shell(string command)
    {
        using var shell = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", $"{{ {command}; }} >/dev/null 2>&1"]) { UseShellExecute = false })!;
        shell.WaitForExit();
        return shell.ExitCode == 0;
    }
}
