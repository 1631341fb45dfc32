using System.Net;

namespace Iga.LocalHost.CommandLine.Server;

/// <summary>Which IGA a command talks to, and with which key.</summary>
/// <param name="Url">Scheme, host, port, and the path before the API's, which ends in a slash.</param>
/// <param name="Key">An API key; null where none is given.</param>
internal sealed record ServerAddress(Uri Url, string? Key)
{
    /// <summary>Bytes. A key has at most 512 characters.</summary>
    private const int LargestKeyFile = 4096;

    /// <summary>Whoever can read the key can spend money.</summary>
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <param name="server"><c>--server</c>, else IGA_SERVER, else the IGA that serves on this machine.</param>
    /// <param name="keyFile">The file that <c>--key</c> names; null leaves it to IGA_KEY.</param>
    /// <param name="environment">The variables.</param>
    /// <param name="problem">What is wrong, in one sentence; never holds the key.</param>
    public static ServerAddress? Read(string? server, string? keyFile, IConfiguration environment, out string? problem)
    {
        var (name, text) = server is not null ? ("--server", server)
            : environment["IGA_SERVER"] is { Length: > 0 } configured ? ("IGA_SERVER", configured)
            : ("IGA_PORT", $"http://127.0.0.1:{(environment["IGA_PORT"] is { Length: > 0 } port ? port : "5007")}");
        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            problem = $"{name} must be an address such as https://iga.example.com, but is '{text}'.";
            return null;
        }

        var key = keyFile is not null ? ReadKey(keyFile, out problem) : Text(environment["IGA_KEY"], out problem);
        if (problem is null && key is not null && (key.Any(character => character is < '!' or > '~') || key.Length > 512))
        {
            problem = $"{(keyFile is null ? "IGA_KEY" : "The file of --key")} holds no API key: it must be at most 512 printable characters in one line.";
        }

        if (problem is null && key is not null && url.Scheme == "http" && !IsLoopback(url))
        {
            problem = $"{text} is plain http, on which everybody on the way can read the key. Use https, or a tunnel to this machine.";
        }

        return problem is null ? new ServerAddress(url, key) : null;
    }

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    private static string? Text(string? value, out string? problem)
    {
        problem = null;
        return string.IsNullOrEmpty(value) ? null : value;
    }

    private static string? ReadKey(string file, out string? problem)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & Others) != 0)
            {
                problem = $"Others can read {file}, which holds a key: chmod 600 {file}.";
                return null;
            }

            using var stream = File.OpenRead(file);
            var content = new byte[LargestKeyFile];
            var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            problem = length == 0 ? $"{file} is empty; it must hold the key." : null;
            return System.Text.Encoding.UTF8.GetString(content, 0, length).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"--key {file}: {exception.Message} It must be the path of a file that holds the key.";
            return null;
        }
    }
}
